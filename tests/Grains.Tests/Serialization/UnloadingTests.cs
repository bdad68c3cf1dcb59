using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Millrace.Serialization;

[TestClass]
public sealed class UnloadingTests
{
    private const int MaxCollections = 40;

    // The record types of this assembly once more, as a job's own load context would have them.
    [TestMethod]
    public void Generated_code_does_not_keep_the_load_context_of_its_types()
    {
        WeakReference context = UseTypesOfAContext();
        for (int i = 0; i < MaxCollections && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.IsFalse(context.IsAlive, $"the load context is alive after {MaxCollections} collections");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseTypesOfAContext()
    {
        AssemblyLoadContext context = new("job", isCollectible: true);
        Assembly assembly = context.LoadFromAssemblyPath(typeof(Everything).Assembly.Location);
        foreach (Type here in (Type[])[typeof(Everything), typeof(Tree), typeof(Branch), typeof(Hidden), typeof(Mixed)])
        {
            Type there = assembly.GetType(here.FullName!)!;
            Assert.AreNotSame(here, there);
            object value = RandomValues.Of(there, new Random(1))!;
            typeof(UnloadingTests).GetMethod(nameof(Use), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(there).Invoke(null, [value]);
        }

        context.Unload();
        return new WeakReference(context);
    }

    private static void Use<T>(T value)
    {
        SerializerSet set = new();
        TypeSerializer<T> serializer = set.Get<T>();
        using RecordWriter writer = new();
        serializer.WriteBatch(writer, [value, value]);
        RecordReader reader = new(writer.WrittenSpan);
        serializer.ReadBatch(ref reader, new T[2]);
        reader.ExpectEnd();
        serializer.Copy(value);
        set.CreateReader<T>(TypeShape.Of<T>());
        if (typeof(T).IsValueType && !serializer.HasReferences)
        {
            set.GetKeyHasher<T>().Hash(in value);
        }
    }
}
