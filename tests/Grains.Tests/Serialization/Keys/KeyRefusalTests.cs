using Millrace.State;

namespace Millrace.Serialization.Keys;

[TestClass]
public sealed class KeyRefusalTests
{
    [TestMethod]
    [DataRow(typeof(int[]), "Int32[]", "collection")]
    [DataRow(typeof((int, List<string>)), "ValueTuple<Int32, List<String>>.Item2", "collection")]
    [DataRow(typeof(Order), "Order.Lines", "collection")]
    [DataRow(typeof(Uri), "Uri", "URI")]
    [DataRow(typeof(Node), "Node", "contains itself")]
    [DataRow(typeof(OwnEquality), "OwnEquality", "OwnEquality.Equals(OwnEquality)")]
    [DataRow(typeof(OwnObjectEquality), "OwnObjectEquality", "OwnObjectEquality.Equals(Object)")]
    [DataRow(typeof(DerivedFromOwn), "DerivedFromOwn", "OwnObjectEquality.Equals(Object)")]
    [DataRow(typeof(ExplicitEquality), "ExplicitEquality", "Equals(ExplicitEquality)")]
    [DataRow(typeof((int, OwnEquality)), "ValueTuple<Int32, OwnEquality>.Item2", "OwnEquality.Equals(OwnEquality)")]
    public void A_type_that_cannot_be_a_key_is_refused_with_the_path_to_it(Type type, string path, string reason)
    {
        UnsupportedTypeException refused = Assert.ThrowsExactly<UnsupportedTypeException>(() => KeyShape.Of(type));
        Assert.AreEqual(path, refused.Path);
        StringAssert.Contains(refused.Message, reason);
        StringAssert.Contains(refused.Message, "cannot be a key");
    }

    [TestMethod]
    public void A_type_that_only_its_serializer_knows_is_refused()
    {
        SerializerRegistrations registrations = new();
        registrations.Register(new PointAsText());
        UnsupportedTypeException refused = Assert.ThrowsExactly<UnsupportedTypeException>(
            () => new SerializerSet(registrations).GetKeyHasher<(int, Point)>());
        StringAssert.Contains(refused.Message, "registered serializer");
    }

    [TestMethod]
    public void A_type_that_cannot_be_serialized_is_refused_for_that() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<UnsupportedTypeException>(() => KeyShape.Of(typeof((int, object)))).Message,
            "cannot be serialized");

#pragma warning disable CA1067, CA1815, CA1066
    private sealed record OwnEquality(string Name)
    {
        public bool Equals(OwnEquality? other) => other is not null && Name.Length == other.Name.Length;

        public override int GetHashCode() => Name.Length;
    }

    private class OwnObjectEquality
    {
        public int Number { get; set; }

        public override bool Equals(object? obj) => obj is OwnObjectEquality;

        public override int GetHashCode() => 0;
    }

    private sealed class DerivedFromOwn : OwnObjectEquality;

    private readonly struct ExplicitEquality : IEquatable<ExplicitEquality>
    {
        public int Number { get; init; }

        bool IEquatable<ExplicitEquality>.Equals(ExplicitEquality other) => true;
    }
}
