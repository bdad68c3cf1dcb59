using System.Collections.Immutable;
using System.Numerics;

namespace Millrace.Serialization;

[TestClass]
public sealed class RoundTripTests
{
    private static IEnumerable<object[]> Simple =>
    [
        [true, false], [(byte)0, byte.MaxValue], [sbyte.MinValue, sbyte.MaxValue], [short.MinValue, short.MaxValue],
        [(ushort)0, ushort.MaxValue], ['\0', '\uFFFF', '\uD800'], [int.MinValue, 0, int.MaxValue], [0u, uint.MaxValue],
        [long.MinValue, 0L, long.MaxValue], [0UL, ulong.MaxValue], [Int128.MinValue, Int128.Zero, Int128.MaxValue],
        [UInt128.Zero, UInt128.MaxValue], [Half.MinValue, Half.NaN, Half.NegativeZero],
        [float.MinValue, float.NaN, float.NegativeInfinity, float.Epsilon],
        [double.MaxValue, double.NaN, double.Epsilon],
        [decimal.MinValue, decimal.MaxValue, 1.00m, -0.0000000000000000000000000001m],
        [Guid.Empty, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")],
        [DateTime.MinValue, DateTime.MaxValue, new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc)],
        [DateTimeOffset.MinValue, DateTimeOffset.MaxValue],
        [new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(-14))],
        [TimeSpan.MinValue, TimeSpan.MaxValue], [DateOnly.MinValue, DateOnly.MaxValue],
        [TimeOnly.MinValue, TimeOnly.MaxValue],
        ["", "a", "\0"], [BigInteger.Zero, BigInteger.Pow(-7, 1000), BigInteger.Pow(2, 4096)],
        [new Uri("https://example.org/a?b=c#d"), new Uri("../relative", UriKind.Relative)],
        [new Version(1, 2), new Version(1, 2, 3), new Version(0, 0, 0, int.MaxValue)],
        [Colour.Red, (Colour)77], [Wide.Low, Wide.High],
    ];

    [TestMethod]
    public void Simple_values_come_back_as_they_were()
    {
        SerializerSet set = new();
        foreach (object value in Simple.SelectMany(values => values))
        {
            RoundTrip.Check(value.GetType(), value, set);
            RoundTrip.Check(value.GetType().MakeArrayType(), Repeat(value), set);
            RoundTrip.Check(typeof(ValueTuple<,>).MakeGenericType(typeof(byte), value.GetType()), Pair(value), set);
            if (value.GetType().IsValueType)
            {
                RoundTrip.Check(typeof(Nullable<>).MakeGenericType(value.GetType()), value, set);
                RoundTrip.Check(typeof(Nullable<>).MakeGenericType(value.GetType()), null, set);
            }
        }
    }

    [TestMethod]
    public void Kinds_of_times_and_scales_of_decimals_are_kept()
    {
        foreach (DateTimeKind kind in Enum.GetValues<DateTimeKind>())
        {
            Assert.AreEqual(kind, RoundTrip.Check(new DateTime(1, kind)).Kind);
        }

        Assert.AreEqual("1.00", RoundTrip.Check(1.00m).ToString(System.Globalization.CultureInfo.InvariantCulture));
        TimeSpan offset = TimeSpan.FromHours(5.5);
        Assert.AreEqual(offset, RoundTrip.Check(new DateTimeOffset(5, 1, 1, 0, 0, 0, offset)).Offset);
    }

    [TestMethod]
    public void A_class_with_a_member_of_every_kind_comes_back_with_and_without_nulls()
    {
        SerializerSet set = new();
        RoundTrip.Check(new Everything(), set);
        RoundTrip.Check<Everything?>(null, set);
        Random random = new(11);
        for (int i = 0; i < 30; i++)
        {
            RoundTrip.Check((Everything)RandomValues.Of(typeof(Everything), random)!, set);
        }
    }

    [TestMethod]
    public void Records_structs_tuples_and_anonymous_types_come_back()
    {
        SerializerSet set = new();
        RoundTrip.Check(new Point(1, -2), set);
        RoundTrip.Check(new Padded(255, long.MinValue), set);
        RoundTrip.Check(new Mixed(true, DateTime.UnixEpoch, 1.5m, Colour.Blue, new Point(3, 4)), set);
        RoundTrip.Check(new WithText("x", default, 5, new Point(8, 9)), set);
        RoundTrip.Check(new WithText(null, default, null, null), set);
        RoundTrip.Check(new Line("mill", 2, 9.95m), set);
        RoundTrip.Check((1, "two", (3.0, new Point(4, 4)), 5, 6, 7, 8, 9, "ten"), set);
        RoundTrip.Check(Tuple.Create("a", Tuple.Create(1, 2L)), set);
        RoundTrip.Check(new { Name = "anonymous", Where = new Point(1, 2) }, set);
        RoundTrip.Check(new KeyValuePair<string, Point?>("k", null), set);
        RoundTrip.Check(new Circle("inherits", 3), set);
        RoundTrip.Check(new Shape("is inherited from"), set);
        Assert.ThrowsExactly<RecordRefusedException>(() => RoundTrip.Check<Shape>(new Circle("c", 3), set));
        RoundTrip.Check(new Empty(), set);
        RoundTrip.Check(new Empty[5], set);
        RoundTrip.Check(new Nothing(), set);
    }

    [TestMethod]
    public void What_is_private_is_reached_and_what_a_constructor_changes_is_restored()
    {
        SerializerSet set = new();
        RoundTrip.Check(new Hidden("n", Hidden.Inner.Of(5)), set);
        RoundTrip.Check(new Doubling(21), set);
        Private value = new(42) { Cache = "left out" };
        value.Add("line");
        Private read = RoundTrip.Check(value, set);
        Assert.AreEqual(42, read.Secret);
        Assert.IsNull(read.Cache, "an ignored member is not written");
        Assert.IsNull(set.Get<Private>().Copy(value).Cache, "an ignored member is not shared with a copy");
    }

    [TestMethod]
    public void Recursive_types_come_back_down_to_the_deepest_level_allowed()
    {
        SerializerSet set = new();
        Tree inner = new("c", null, new() { [1] = new Tree("d", null, null) });
        RoundTrip.Check(new Tree("a", [new Tree("b", [], null), inner], null), set);
        RoundTrip.Check(new Branch(1, [new Branch(2, [new Branch(3, null)]), new Branch(4, [])]), set);
        RoundTrip.Check(Nodes(RecordLimits.MaxDepth), set);
        RecordRefusedException refused = Assert.ThrowsExactly<RecordRefusedException>(
            () => RoundTrip.Check(Nodes(RecordLimits.MaxDepth + 1), set));
        StringAssert.Contains(refused.Message, $"{RecordLimits.MaxDepth} levels");

        // The writer that refused is good for the next record.
        using RecordWriter writer = new();
        Assert.ThrowsExactly<RecordRefusedException>(
            () => set.Get<Node?>().Write(writer, Nodes(RecordLimits.MaxDepth + 1)));
        writer.Reset();
        set.Get<Node?>().Write(writer, Nodes(RecordLimits.MaxDepth));
    }

    // The worker threads have stacks of their own choice; four times less than the smallest default has to do.
    [TestMethod]
    public void The_deepest_values_fit_a_small_stack()
    {
        const int StackBytes = 384 * 1024;
        Tree tree = new("leaf", null, null);
        for (int i = 1; i < RecordLimits.MaxDepth; i++)
        {
            tree = i % 2 == 0 ? new Tree("list", [tree], null) : new Tree("map", null, new() { [i] = tree });
        }

        Exception? error = null;
        Thread thread = new(() => error = Caught(() => CopyAndReadBack(tree)), StackBytes);
        thread.Start();
        thread.Join();
        Assert.IsNull(error, $"{error}");
    }

    [TestMethod]
    public void Many_threads_may_ask_for_serializers_at_once()
    {
        SerializerSet set = new();
        Parallel.For(0, 64, i =>
        {
            switch (i % 4)
            {
                case 0:
                    RoundTrip.Check(new Line($"{i}", i, i), set);
                    break;
                case 1:
                    RoundTrip.Check<Tree>(new($"{i}", [new("x", null, null)], null), set);
                    break;
                case 2:
                    RoundTrip.Check<List<Branch>>([new(i, [new(2, null)])], set);
                    break;
                default:
                    Assert.AreEqual(set.GetKeyHasher<(int, string)>(), set.GetKeyHasher<(int, string)>());
                    break;
            }
        });
    }

    [TestMethod]
    public void An_object_that_contains_itself_is_refused_and_does_not_hang()
    {
        SerializerSet set = new();
        Tree tree = new("loop", [], null);
        tree.Children!.Add(tree);
        using RecordWriter writer = new();
        Assert.ThrowsExactly<RecordRefusedException>(() => set.Get<Tree>().Write(writer, tree));
        Assert.ThrowsExactly<RecordRefusedException>(() => set.Get<Tree>().Copy(tree));
    }

    [TestMethod]
    public void A_derived_object_is_refused_where_its_base_is_declared()
    {
        SerializerSet set = new();
        RoundTrip.Check(new Animal { Name = "a" }, set);
        RoundTrip.Check(new Dog { Name = "d", Barks = 3 }, set);
        RecordRefusedException refused = Assert.ThrowsExactly<RecordRefusedException>(
            () => RoundTrip.Check<Animal>(new Dog(), set));
        StringAssert.Contains(refused.Message, nameof(Dog));
        StringAssert.Contains(refused.Message, nameof(Animal));
    }

    [TestMethod]
    public void Comparers_that_have_a_number_are_kept_and_others_refused()
    {
        SerializerSet set = new();
        Dictionary<string, int> map = new(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 };
        Assert.IsTrue(RoundTrip.Check(map, set).ContainsKey("a"));
        Dictionary<string, int> ordinal = new(StringComparer.Ordinal) { ["A"] = 1 };
        Assert.IsFalse(RoundTrip.Check(ordinal, set).ContainsKey("a"));
        HashSet<string> hashed = new(StringComparer.OrdinalIgnoreCase) { "A" };
        Assert.IsTrue(RoundTrip.Check(hashed, set).Contains("a"));
        ImmutableHashSet<string> unchanging = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase, "A");
        Assert.IsTrue(RoundTrip.Check(unchanging, set).Contains("a"));
        ImmutableSortedDictionary<string, int> ordered = ImmutableSortedDictionary.Create<string, int>(
            StringComparer.Ordinal).Add("b", 1).Add("B", 2);
        Assert.AreEqual("B", RoundTrip.Check(ordered, set).First().Key);
        SortedSet<string> sorted = new(StringComparer.Ordinal) { "b", "B", "a" };
        CollectionAssert.AreEqual((string[])["B", "a", "b"], RoundTrip.Check(sorted, set).ToArray());
        IEqualityComparer<int> own = EqualityComparer<int>.Create((a, b) => a % 10 == b % 10, a => a % 10);
        RecordRefusedException refused = Assert.ThrowsExactly<RecordRefusedException>(
            () => RoundTrip.Check(new HashSet<int>(own) { 1 }, set));
        StringAssert.Contains(refused.Message, "comparer");
        ImmutableDictionary<int, int> byValue = ImmutableDictionary.Create<int, int>(null, own).Add(1, 2);
        Assert.ThrowsExactly<RecordRefusedException>(() => RoundTrip.Check(byValue, set));
    }

    [TestMethod]
    public void Interfaces_come_back_as_collections_that_can_be_added_to()
    {
        SerializerSet set = new();
        IList<int> list = RoundTrip.Check<IList<int>>([1, 2], set);
        list.Add(3);
        IEnumerable<int> lazy = Enumerable.Range(0, 5).Where(i => i % 2 == 0);
        CollectionAssert.AreEqual((int[])[0, 2, 4], RoundTrip.Check(lazy, set).ToArray());
        RoundTrip.Check<ISet<int>>(new SortedSet<int> { 3, 1 }, set).Add(9);
        RoundTrip.Check<IDictionary<int, string>>(new SortedDictionary<int, string> { [1] = "a" }, set).Add(2, "b");
        RoundTrip.Check<IReadOnlyCollection<int>?>(null, set);
    }

    private static void CopyAndReadBack(Tree tree)
    {
        TypeSerializer<Tree> serializer = new SerializerSet().Get<Tree>();
        RoundTrip.ReadOne(serializer, RoundTrip.BytesOf(serializer.Copy(tree)));
    }

    private static Exception? Caught(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static Node? Nodes(int count)
    {
        Node? node = null;
        for (int i = 0; i < count; i++)
        {
            node = new Node(i, node);
        }

        return node;
    }

    private static Array Repeat(object value)
    {
        Array array = Array.CreateInstance(value.GetType(), 3);
        for (int i = 0; i < array.Length; i++)
        {
            array.SetValue(value, i);
        }

        return array;
    }

    private static object Pair(object value) =>
        Activator.CreateInstance(typeof(ValueTuple<,>).MakeGenericType(typeof(byte), value.GetType()), (byte)1, value)!;
}
