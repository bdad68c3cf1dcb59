using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Clustering;
using Millrace.Execution;
using Millrace.Failures;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Millrace.Wire;

/// <summary>The rules for grains and for what crosses a wire, held over every assembly of the product.</summary>
[TestClass]
public sealed class WireRulesTests
{
    /// <summary>Grains.Interfaces, Grains, Hosting.</summary>
    private static readonly WireTypes Product = new(
        typeof(StreamingException).Assembly, typeof(IExecution).Assembly, typeof(ClusteringOptions).Assembly);

    [TestMethod]
    public void Every_serialized_type_has_an_alias_of_its_own()
    {
        AssertNone(
            from type in Product.Serialized.Concat(Product.GrainInterfaces)
            where WireTypes.AliasOf(type) is not { } alias || !alias.StartsWith("millrace.", StringComparison.Ordinal)
            select $"{type} has the alias '{WireTypes.AliasOf(type)}'; it needs one that begins with 'millrace.'.");
        AssertNone(
            from type in Product.Serialized.Concat(Product.GrainInterfaces)
            group type by WireTypes.AliasOf(type) into sharing
            where sharing.Count() > 1
            select $"{string.Join(" and ", sharing)} share the alias '{sharing.Key}'.");
    }

    [TestMethod]
    public void Every_member_of_a_serialized_type_has_an_id_of_its_own()
    {
        AssertNone(
            from type in Product.Serialized
            where !type.IsEnum
            from state in WireTypes.StateOf(type)
            where !state.Member.IsDefined(typeof(IdAttribute), inherit: false)
            select $"{type}.{state.Member.Name} has no [Id]; give it one, or [field: NonSerialized].");
        AssertNone(
            from type in Product.Serialized
            from sharing in WireTypes.StateOf(type)
                .Select(state => (state.Member.Name, state.Member.GetCustomAttribute<IdAttribute>()?.Id))
                .Where(member => member.Id is not null)
                .GroupBy(member => member.Id, member => member.Name)
            where sharing.Count() > 1
            select $"{type}: {string.Join(" and ", sharing)} share the id {sharing.Key}.");
    }

    [TestMethod]
    public void What_grains_take_and_give_is_serialized_down_to_the_last_member()
    {
        AssertNone(
            from type in Product.ReachableFromGrains()
            where !type.IsEnum && !WireTypes.IsSerialized(type) && !typeof(IAddressable).IsAssignableFrom(type)
            select $"{type} crosses a wire and has no [GenerateSerializer].");
    }

    [TestMethod]
    public void Every_exception_that_is_ours_can_leave_a_grain()
    {
        using ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        Serializer serializer = services.GetRequiredService<Serializer>();
        Type[] exceptions = [.. Product.All.Where(typeof(StreamingException).IsAssignableFrom)];
        Assert.IsTrue(exceptions.Any(type => !type.IsAbstract), "there must be some, or this test shows nothing");

        AssertNone(
            from type in exceptions
            where !WireTypes.IsSerialized(type)
            select $"{type} has no [GenerateSerializer].");
        foreach (Type type in exceptions.Where(type => !type.IsAbstract))
        {
            Exception thrown = WithMessage(type, "as it was thrown");
            Exception? read = serializer.Deserialize<Exception>(serializer.SerializeToArray(thrown));
            Assert.AreEqual(type, read?.GetType());
            Assert.AreEqual("as it was thrown", read!.Message, type.FullName);
        }
    }

    [TestMethod]
    public void Every_serialized_type_has_a_codec_made_for_it()
    {
        using ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        ICodecProvider codecs = services.GetRequiredService<ICodecProvider>();
        Assert.IsNull(codecs.TryGetCodec<WireRulesTests>(), "a type without a codec must be told apart");

        AssertNone(
            from type in Product.Serialized
            where !type.IsAbstract && !type.ContainsGenericParameters && !type.IsEnum
            where codecs.TryGetCodec(type) is not { } codec || !WireTypes.IsOurs(codec.GetType())
            select $"{type} has no generated codec; is the Orleans generator on in its project?");
    }

    [TestMethod]
    public void A_grain_method_takes_at_most_one_cancellation_token_and_takes_it_last()
    {
        AssertNone(
            from grain in Product.GrainInterfaces
            from method in WireTypes.MethodsOf(grain)
            let tokens = method.GetParameters().Where(parameter => parameter.ParameterType == typeof(CancellationToken))
            where tokens.Any() && (tokens.Count() > 1 || tokens.Single().Position != method.GetParameters().Length - 1)
            select $"{grain}.{method.Name} takes {tokens.Count()} cancellation tokens; it may take one, as its last.");
    }

    [TestMethod]
    public void No_namespace_hides_Orleans()
    {
        AssertNone(
            from space in Product.All.Select(type => type.Namespace ?? "").Distinct()
            where space.Split('.').Skip(1).Contains("Orleans")
            select $"In the namespace {space} the name 'Orleans' means something else than everywhere.");
    }

    [TestMethod]
    public void The_rules_look_at_something()
    {
        Assert.IsNotEmpty(Product.Serialized);
        Assert.IsNotEmpty(Product.GrainInterfaces);
        Assert.IsTrue(Product.ReachableFromGrains().Any(type => !type.IsEnum));
        Assert.IsTrue(Product.Serialized.SelectMany(WireTypes.StateOf).Any(state => state.Member is PropertyInfo));
    }

    // Constructors differ from one exception to the next; the message is a field of their common root.
    private static Exception WithMessage(Type type, string message)
    {
        var exception = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        typeof(Exception).GetField("_message", BindingFlags.Instance | BindingFlags.NonPublic)!
            .SetValue(exception, message);
        return exception;
    }

    private static void AssertNone(IEnumerable<string> findings)
    {
        string[] found = [.. findings];
        Assert.IsEmpty(found, $"{found.Length} finding(s):\n{string.Join('\n', found)}\n");
    }
}
