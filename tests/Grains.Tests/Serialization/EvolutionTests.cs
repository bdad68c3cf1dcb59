using System.Numerics;

namespace Millrace.Serialization;

[TestClass]
public sealed class EvolutionTests
{
    [TestMethod]
    public void Added_members_get_their_default_and_what_the_constructor_gives_them()
    {
        After.Customer read = Evolve<Before.Customer, After.Customer>(new Before.Customer { Name = "n", Age = 5 });
        Assert.AreEqual("n", read.Name);
        Assert.AreEqual(5, read.Age);
        Assert.AreEqual(0, read.Visits);
        Assert.AreEqual("unknown", read.City);
        Assert.IsNull(read.Birthday);

        Assert.AreEqual((1, "a", 0.0), Evolve<Before.Two, After.Three>(new Before.Two(1, "a")).Deconstructed());
        Assert.AreEqual(new After.Wider(7, 0, null), Evolve<Before.Narrow, After.Wider>(new Before.Narrow(7)));
    }

    [TestMethod]
    public void Removed_members_are_passed_over_whatever_they_hold()
    {
        Random random = new(4);
        for (int i = 0; i < 50; i++)
        {
            Before.Rich value = (Before.Rich)RandomValues.Of(typeof(Before.Rich), random)!;
            After.Rich read = Evolve<Before.Rich, After.Rich>(value);
            Assert.AreEqual(value.First, read.First);
            Assert.AreEqual(value.Middle, read.Middle);
            Assert.AreEqual(value.Last, read.Last);
        }
    }

    [TestMethod]
    public void Members_in_another_order_find_their_places()
    {
        After.Reordered read = Evolve<Before.Ordered, After.Reordered>(new Before.Ordered("text", 1, 2.5, [3]));
        Assert.AreEqual("text", read.A);
        Assert.AreEqual(1, read.B);
        Assert.AreEqual(2.5, read.C);
        CollectionAssert.AreEqual((int[])[3], read.D);
    }

    [TestMethod]
    public void Renamed_members_are_found_by_their_former_names()
    {
        After.Renamed read = Evolve<Before.Named, After.Renamed>(new Before.Named { Old = 1, Older = "two", Same = 3 });
        Assert.AreEqual(1, read.New);
        Assert.AreEqual("two", read.Newer);
        Assert.AreEqual(3, read.Same);
        Assert.AreEqual(new After.Positional(9), Evolve<Before.Narrow, After.Positional>(new Before.Narrow(9)));
    }

    [TestMethod]
    public void Present_names_win_over_former_ones()
    {
        After.Swapped read = Evolve<Before.Named, After.Swapped>(new Before.Named { Old = 1, Older = "x", Same = 3 });
        Assert.AreEqual(1, read.Old);
        Assert.AreEqual(0, read.Taken, "its former name belongs to another member");
    }

    [TestMethod]
    public void Numbers_widen_where_no_value_is_lost()
    {
        AssertWidens((byte)200, (short)200);
        AssertWidens((byte)200, 200u);
        AssertWidens((sbyte)-5, -5L);
        AssertWidens(short.MinValue, (int)short.MinValue);
        AssertWidens(ushort.MaxValue, (int)ushort.MaxValue);
        AssertWidens(int.MinValue, (long)int.MinValue);
        AssertWidens(uint.MaxValue, (long)uint.MaxValue);
        AssertWidens(ulong.MaxValue, (Int128)ulong.MaxValue);
        AssertWidens(ulong.MaxValue, (UInt128)ulong.MaxValue);
        AssertWidens(long.MinValue, (decimal)long.MinValue);
        AssertWidens(short.MinValue, (float)short.MinValue);
        AssertWidens(int.MaxValue, (double)int.MaxValue);
        AssertWidens((Half)1.5, 1.5f);
        AssertWidens(float.NaN, double.NaN);
        AssertWidens(Colour.Blue, 200);
        AssertWidens((byte)1, Colour.Red);
        AssertWidens<int, int?>(5, 5);
        AssertWidens<int?, long?>(5, 5);
        AssertWidens<int?, long?>(null, null);
    }

    [TestMethod]
    public void Collections_change_their_type_and_their_elements()
    {
        CollectionAssert.AreEqual((long[])[1, 2], Evolve<int[], List<long>>([1, 2]));
        CollectionAssert.AreEqual((int[])[1, 2], Evolve<List<int>, Queue<int>>([1, 2]).ToArray());
        Assert.IsNull(Evolve<int[]?, List<long>?>(null));
        Assert.IsTrue(Evolve<HashSet<int>, SortedSet<long>>([2, 1]).SetEquals([1, 2]));
        Dictionary<long, After.Wider> map = Evolve<Dictionary<int, Before.Narrow>, Dictionary<long, After.Wider>>(
            new() { [1] = new Before.Narrow(2) });
        Assert.AreEqual(new After.Wider(2, 0, null), map[1]);
        HashSet<string> ignoringCase = new(StringComparer.OrdinalIgnoreCase) { "A" };
        Assert.IsTrue(Evolve<HashSet<string>, ISet<string>>(ignoringCase).Contains("a"));
    }

    [TestMethod]
    public void Recursive_types_evolve_at_every_level()
    {
        Before.Folder folder = new("a", [new("b", [], 2), new("c", [new("d", null, 4)], 3)], 1);
        After.Folder read = Evolve<Before.Folder, After.Folder>(folder);
        Assert.AreEqual("d", read.Children![1].Children![0].Name);
        Assert.AreEqual(0, read.Children[1].Depth);
    }

    [TestMethod]
    [DataRow(typeof(Before.Number<long>), typeof(Before.Number<int>), "Number<Int32>.Value")]
    [DataRow(typeof(Before.Number<int>), typeof(Before.Number<uint>), "Number<UInt32>.Value")]
    [DataRow(typeof(Before.Number<long>), typeof(Before.Number<double>), "Number<Double>.Value")]
    [DataRow(typeof(Before.Number<int>), typeof(Before.Number<float>), "Number<Single>.Value")]
    [DataRow(typeof(Before.Number<double>), typeof(Before.Number<float>), "Number<Single>.Value")]
    [DataRow(typeof(Before.Number<int>), typeof(Before.Number<bool>), "Number<Boolean>.Value")]
    [DataRow(typeof(Before.Number<int>), typeof(Before.Number<string>), "Number<String>.Value")]
    [DataRow(typeof(Before.Number<string>), typeof(Before.Number<BigInteger>), "Number<BigInteger>.Value")]
    [DataRow(typeof(Before.Number<int?>), typeof(Before.Number<int>), "Number<Int32>.Value")]
    [DataRow(typeof(Before.Number<Point>), typeof(Before.Number<Line>), "Number<Line>.Value")]
    [DataRow(typeof(Before.Number<int[]>), typeof(Before.Number<HashSet<int>>), "Number<HashSet<Int32>>.Value")]
    [DataRow(typeof(Before.Number<long[]>), typeof(Before.Number<List<int>>), "Number<List<Int32>>.Value[]")]
    [DataRow(typeof(Dictionary<long, int>), typeof(Dictionary<int, int>), "Dictionary<Int32, Int32>[key]")]
    public void What_cannot_be_taken_over_is_refused_with_the_path_to_it(Type before, Type after, string path)
    {
        IncompatibleShapeException refused = Assert.ThrowsExactly<IncompatibleShapeException>(
            () => new ShapeMatching(null).Check(TypeShape.Of(before), TypeShape.Of(after)));
        Assert.AreEqual(path, refused.Path);
        StringAssert.Contains(refused.Message, "cannot be read as");
    }

    [TestMethod]
    public void The_serializer_for_an_unchanged_shape_is_the_present_one()
    {
        SerializerSet set = new();
        Assert.AreSame(set.Get<Order>(), set.CreateReader<Order>(ThroughBytes(set.Get<Order>().Shape)));
    }

    [TestMethod]
    public void Opaque_formats_are_read_by_their_newer_serializer_and_passed_over_by_it()
    {
        SerializerRegistrations former = new();
        former.Register(new PointAsText(1));
        SerializerRegistrations present = new();
        present.Register(new PointAsText(2));
        (long, Point) pair = Evolve<(int, Point), (long, Point)>((1, new Point(2, 3)), former, present);
        Assert.AreEqual((1L, new Point(2, 3)), pair);

        Before.Placed placed = new(5, new Point(1, 2), "end");
        Assert.AreEqual(new After.Placed(5, "end"), Evolve<Before.Placed, After.Placed>(placed, former, present));

        IncompatibleShapeException newer = Assert.ThrowsExactly<IncompatibleShapeException>(
            () => Evolve<(int, Point), (int, Point)>((1, default), present, former));
        Assert.AreEqual("ValueTuple<Int32, Point>.Item2", newer.Path);
        IncompatibleShapeException unknown = Assert.ThrowsExactly<IncompatibleShapeException>(
            () => Evolve<Before.Placed, After.Placed>(placed, former, null));
        Assert.AreEqual("Placed.Where", unknown.Path);
        StringAssert.Contains(unknown.Message, "register");
    }

    [TestMethod]
    public void Truncated_older_data_is_refused()
    {
        SerializerSet set = new();
        byte[] bytes = RoundTrip.BytesOf((Before.Rich)RandomValues.Of(typeof(Before.Rich), new Random(9))!);
        TypeSerializer<After.Rich> reader = set.CreateReader<After.Rich>(TypeShape.Of<Before.Rich>());
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            Assert.ThrowsExactly<RecordCorruptedException>(() => RoundTrip.ReadOne(reader, cut), $"{length} bytes");
        }
    }

    private static void AssertWidens<TBefore, TAfter>(TBefore before, TAfter after)
    {
        Assert.AreEqual(after, Evolve<TBefore, TAfter>(before));
        Assert.AreEqual(after, Evolve<Before.Number<TBefore>, After.Number<TAfter>>(new(before)).Value);
        Assert.AreEqual(("a", after), Evolve<(string, TBefore), (string, TAfter)>(("a", before)));
    }

    private static TAfter Evolve<TBefore, TAfter>(
        TBefore value, SerializerRegistrations? former = null, SerializerRegistrations? present = null)
    {
        SerializerSet writing = new(former);
        SerializerSet reading = new(present);
        using RecordWriter writer = new();
        writing.Get<TBefore>().WriteBatch(writer, [value, value]);
        TypeSerializer<TAfter> reader = reading.CreateReader<TAfter>(ThroughBytes(writing.Get<TBefore>().Shape));

        // In a batch over places that hold something else, and one by one.
        RecordReader bytes = new(writer.WrittenSpan);
        TAfter first = reader.Read(ref bytes);
        TAfter second = reader.Read(ref bytes);
        bytes.ExpectEnd();
        RoundTrip.AssertSame(first, second, "read after another");
        TAfter[] batch = [first, first];
        bytes = new(writer.WrittenSpan);
        reader.ReadBatch(ref bytes, batch);
        bytes.ExpectEnd();
        RoundTrip.AssertSame(first, batch[1], "read in a batch");

        // What was read can be written with the present shape.
        CollectionAssert.AreEqual(RoundTrip.BytesOf(first, reading), WrittenBy(reader, first));
        return first;
    }

    private static byte[] WrittenBy<T>(TypeSerializer<T> serializer, T value)
    {
        using RecordWriter writer = new();
        serializer.Write(writer, in value);
        return writer.WrittenSpan.ToArray();
    }

    private static TypeShape ThroughBytes(TypeShape shape)
    {
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, shape);
        RecordReader reader = new(writer.WrittenSpan);
        return ShapeCodec.Read(ref reader);
    }
}
