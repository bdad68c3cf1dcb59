using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Millrace.UserCode;

namespace Millrace.Functions;

/// <summary>Which functions get a type of their own, and that nobody can tell by the results.</summary>
[TestClass]
public sealed class DirectCallsTests
{
    private const int MaxCollections = 40;

    [TestMethod]
    public void Lambdas_and_methods_are_called_directly_whatever_is_private_about_them()
    {
        int captured = 7;
        Verify(new Func<int, int>(x => x + captured), [1, 2, 3], isDirect: true);
        Verify(new Func<int, int>(static x => x * 2), [1, 2, 3], isDirect: true);
        Verify(new Func<int, int>(Twice), [1, 2, 3], isDirect: true);
        Verify(new Func<int, string>(new Adder(3).Text), [1, 2, 3], isDirect: true);
        Verify(new Func<Hidden, long>(hidden => hidden.Number), [new(1), new(2)], isDirect: true);
        Verify(new Func<string, Hidden[]>(text => [new(text.Length)]), ["a", "bc"], isDirect: true);
        Virtual overridden = new Overrides();
        Verify(new Func<int, int>(overridden.Of), [1, 2, 3], isDirect: true);
        Verify(Same<Hidden>(), [new(1), new(2)], isDirect: true);
        Verify(Same<string>(), ["a", "b"], isDirect: true);
        Verify(Same<object>(), ["a", 1], isDirect: true);
    }

    // The delegate knows what the method alone does not say.
    [TestMethod]
    public void What_is_more_than_a_call_of_its_method_stays_a_delegate()
    {
        Func<int, int> many = x => x + 1;
        many += x => x + 2;
        Verify(many, [1, 2], isDirect: false);
        Verify(new Func<int, int>(new Virtual().Of), [1, 2], isDirect: false);
        Verify(new Func<int, string>("of a text".Starts), [0, 1], isDirect: false);
        Verify(new Func<int, int>(new Counter(3).Plus), [1, 2], isDirect: false);
        Verify(typeof(string).GetProperty("Length")!.GetMethod!.CreateDelegate<Func<string, int>>(), ["", "a"], false);
        Verify(((Expression<Func<int, int>>)(x => x * 3)).Compile(), [1, 2], isDirect: false);
        Func<object, string> wide = value => value.ToString()!;
        Verify<string, string>(wide, ["a"], isDirect: false);
    }

    [TestMethod]
    public void Functions_from_one_place_share_a_type_and_keep_their_own_captures()
    {
        object[] direct = [.. Enumerable.Range(1, 3).Select(factor => DirectCalls.Of(
            new Func<int, int>(x => x * factor), typeof(IMapFunction<int, int>))!)];

        Assert.AreEqual(1, direct.Select(function => function.GetType()).Distinct().Count());
        CollectionAssert.AreEqual(
            new[] { 10, 20, 30 }, direct.Select(function => ((IMapFunction<int, int>)function).Map(10)).ToArray());
    }

    [TestMethod]
    public void Filters_and_reduce_functions_are_called_directly()
    {
        var filter = (IFilterFunction<int>)DirectCalls.Of(
            new Func<int, bool>(x => x > 1), typeof(IFilterFunction<int>))!;
        var reduce = (IReduceFunction<int>)DirectCalls.Of(
            new Func<int, int, int>((x, y) => (10 * x) + y), typeof(IReduceFunction<int>))!;

        Assert.IsTrue(filter.Filter(2));
        Assert.IsFalse(filter.Filter(1));
        Assert.AreEqual(12, reduce.Reduce(1, 2), "in this order");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void What_a_function_throws_comes_through_and_the_record_is_known(bool isDirect)
    {
        Func<int, int> function = x => 100 / (x - 3);
        if (!isDirect)
        {
            function = ((Expression<Func<int, int>>)(x => 100 / (x - 3))).Compile();
        }

        int left = 0;
        int[] records = [1, 2, 3, 4, 5];

        Assert.ThrowsExactly<DivideByZeroException>(
            () => MapLoop<int, int>.Of(function).Run(records, new int[5], ref left));

        Assert.AreEqual(3, left, "the third of five, with itself");
    }

    [TestMethod]
    public void What_is_made_goes_away_with_the_load_context_of_the_function() =>
        VerifyUnloads(() => UseInContext(
            Copy(), typeof(Hidden).FullName!, static there => there.GetMethod(nameof(Hidden.LengthOf))!.CreateDelegate(
                typeof(Func<,>).MakeGenericType(there, typeof(long)))));

    // A function of the host over a record of the job: it is kept by neither.
    [TestMethod]
    public void What_is_made_of_the_host_s_function_goes_away_with_the_record() =>
        VerifyUnloads(static () => UseInContext(
            new JobLoadContext("job", BuiltJobs.Assembly("OneJob")).LoadMain(), "OneJob.Word", FunctionOfHost));

    [TestMethod]
    public void Of_two_assemblies_of_one_name_the_wrong_one_is_not_called()
    {
        Assembly copy = Copy();
        Type there = copy.GetType(typeof(Hidden).FullName!)!;

        Assert.AreNotSame(typeof(Hidden), there);
        Assert.IsNull(DirectCalls.Of(
            FunctionOfHost(there), typeof(IMapFunction<,>).MakeGenericType(there, typeof(long))));
        AssemblyLoadContext.GetLoadContext(copy)!.Unload();
    }

    private static Assembly Copy() =>
        new AssemblyLoadContext("job", isCollectible: true).LoadFromAssemblyPath(typeof(Hidden).Assembly.Location);

    private static Delegate FunctionOfHost(Type there) => (Delegate)typeof(DirectCallsTests).GetMethod(
        nameof(Nothing), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(there).Invoke(null, [])!;

    private static void VerifyUnloads(Func<WeakReference> use)
    {
        WeakReference context = use();
        for (int i = 0; i < MaxCollections && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.IsFalse(context.IsAlive, $"the load context is alive after {MaxCollections} collections");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseInContext(Assembly assembly, string record, Func<Type, Delegate> functionOf)
    {
        Type there = assembly.GetType(record, throwOnError: true)!;
        Delegate function = functionOf(there);
        Assert.IsNotNull(DirectCalls.Of(function, typeof(IMapFunction<,>).MakeGenericType(there, typeof(long))));
        typeof(DirectCallsTests).GetMethod(nameof(Call), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(there).Invoke(null, [function]);
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(assembly)!;
        context.Unload();
        return new WeakReference(context);
    }

    private static void Call<T>(Func<T, long> function)
    {
        int left = 0;
        MapLoop<T, long>.Of(function).Run(new T[2], new long[2], ref left);
    }

    private static void Verify<TIn, TOut>(Func<TIn, TOut> function, TIn[] records, bool isDirect)
    {
        object? direct = DirectCalls.Of(function, typeof(IMapFunction<TIn, TOut>));
        Assert.AreEqual(isDirect, direct is not null, function.Method.ToString());
        TOut[] results = new TOut[records.Length];
        int left = 0;
        MapLoop<TIn, TOut>.Of(function).Run(records, results, ref left);
        for (int i = 0; i < records.Length; i++)
        {
            TOut expected = function(records[i]);
            if (expected is Array array)
            {
                CollectionAssert.AreEqual(array, (Array)(object)results[i]!);
                continue;
            }

            Assert.AreEqual(expected, results[i]);
        }
    }

    private static int Twice(int value) => value * 2;

    private static Func<T, T> Same<T>() => static value => value;

    private static Func<T, long> Nothing<T>() => static _ => 1;

    /// <summary>A record nobody else sees.</summary>
    internal readonly record struct Hidden(long Number)
    {
        public static long LengthOf(Hidden value) => value.Number + 1;
    }

    private sealed class Adder(int add)
    {
        public string Text(int value) => $"{value + add}";
    }

    private class Virtual
    {
        public virtual int Of(int value) => value;
    }

    private sealed class Overrides : Virtual
    {
        public override int Of(int value) => -value;
    }

    private readonly struct Counter(int add)
    {
        public int Plus(int value) => value + add;
    }
}

/// <summary>An extension, whose first argument a delegate binds.</summary>
internal static class TextExtensions
{
    public static string Starts(this string text, int at) => text[at..];
}
