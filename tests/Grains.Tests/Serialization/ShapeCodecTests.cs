using Millrace.Serialization.Shapes;

namespace Millrace.Serialization;

[TestClass]
public sealed class ShapeCodecTests
{
    [TestMethod]
    public void A_shape_read_from_bytes_describes_the_type_as_before()
    {
        TypeShape shape = TypeShape.Of<Order>();
        TypeShape read = Read(BytesOf(shape));
        Assert.AreEqual(shape, read);
        Assert.AreEqual("Order", read.Name);
        Assert.AreEqual(ShapeKind.Class, read.Kind);
        Assert.IsNull(read.Type);
        CollectionAssert.AreEqual(
            (string[])["Id", "Customer", "Lines", "At", "Tags", "Colour"],
            read.Members.Select(member => member.Name).ToArray());
        Assert.AreEqual(ShapeKind.Decimal, read.Members[2].Shape.Element!.Members[2].Shape.Kind);
    }

    [TestMethod]
    public void Recursive_shapes_come_back_recursive()
    {
        TypeShape read = Read(BytesOf(TypeShape.Of<Tree>()));
        Assert.AreEqual(TypeShape.Of<Tree>(), read);
        Assert.IsTrue(read.IsRecursive);
        Assert.AreSame(read, read.Members[1].Shape.Element);
        Assert.IsFalse(Read(BytesOf(TypeShape.Of<Order>())).IsRecursive);
    }

    [TestMethod]
    public void Shapes_are_equal_when_they_stand_for_the_same_bytes()
    {
        Assert.AreEqual(TypeShape.Of<List<int>>(), TypeShape.Of<int[]>());
        Assert.AreEqual(TypeShape.Of<int?>(), TypeShape.Of<int?>());
        Assert.AreNotEqual(TypeShape.Of<int>(), TypeShape.Of<uint>());
        Assert.AreNotEqual(TypeShape.Of<int>(), TypeShape.Of<int?>());
        Assert.AreNotEqual(TypeShape.Of<Node>(), TypeShape.Of<Tree>());
        Assert.AreNotEqual(TypeShape.Of<Before.Number<int>>(), TypeShape.Of<Before.Number<long>>());
        Assert.AreNotEqual(TypeShape.Of<Before.Narrow>(), TypeShape.Of<ValueTuple<int>>());
        Assert.AreNotEqual(TypeShape.Opaque(typeof(Point), 1), TypeShape.Opaque(typeof(Point), 2));
        Assert.AreNotEqual(TypeShape.Opaque(typeof(Point), 1), TypeShape.Opaque(typeof(Padded), 1));
    }

    [TestMethod]
    public void Every_cut_and_every_changed_byte_gives_a_shape_or_a_clear_error()
    {
        byte[] original = BytesOf(TypeShape.Of<Everything>());
        for (int length = 0; length < original.Length; length++)
        {
            Assert.ThrowsExactly<RecordCorruptedException>(() => Read(original[..length]), $"{length} bytes");
        }

        for (int i = 0; i < original.Length; i++)
        {
            byte was = original[i];
            foreach (byte changed in (byte[])[0, 1, 2, 62, 65, 127, 128, 255, (byte)(was + 1), (byte)(was - 1)])
            {
                byte[] bytes = [.. original];
                bytes[i] = changed;
                TryUse(bytes);
            }
        }
    }

    [TestMethod]
    public void Random_bytes_give_a_shape_or_a_clear_error()
    {
        Random random = new(8);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            for (int j = 0; j < bytes.Length; j++)
            {
                // Mostly small numbers, or nothing gets past the first part.
                bytes[j] = random.Next(4) == 0 ? bytes[j] : (byte)random.Next(8);
            }

            TryUse([1, .. bytes]);
        }
    }

    // Far beyond what types look like: each of as many classes as are possible refers to many others.
    [TestMethod]
    [Timeout(60_000)]
    public void The_largest_shapes_are_read_compared_and_matched_in_bounded_time()
    {
        byte[] bytes = LargestShape(stride: 7);
        TypeShape shape = Read(bytes);
        Assert.IsTrue(shape.IsRecursive);
        Assert.AreEqual(shape, Read(bytes));
        Assert.AreNotEqual(shape, Read(LargestShape(stride: 11)));

        // No name of a member is the same, so that all are passed over.
        new ShapeMatching(null).Check(shape, TypeShape.Of<Tree>());
    }

    [TestMethod]
    public void A_shape_that_nests_deeper_than_types_do_is_refused_for_a_recursive_type()
    {
        using RecordWriter writer = new();
        writer.WriteByte(1);
        writer.WriteCount(ShapeGraph.MaxNodes);
        for (int i = 1; i < ShapeGraph.MaxNodes; i++)
        {
            WriteNode(writer, ShapeKind.Class, ("Next", i));
        }

        WriteNode(writer, ShapeKind.Int32);
        IncompatibleShapeException refused = Assert.ThrowsExactly<IncompatibleShapeException>(() =>
            new SerializerSet().CreateReader<Node>(Read(writer.WrittenSpan.ToArray())));
        StringAssert.Contains(refused.Message, "levels deep");
    }

    [TestMethod]
    public void A_shape_of_a_later_format_is_refused_by_number()
    {
        byte[] bytes = BytesOf(TypeShape.Of<int>());
        bytes[0] = 2;
        AssertRefused(bytes, "format version 2");
    }

    [TestMethod]
    public void A_struct_that_contains_itself_is_refused()
    {
        // One part, a struct with one member, of that same part.
        byte[] bytes = [1, 1, (byte)ShapeKind.Struct, 2, (byte)'S', 0, 0, 0, 1, 2, (byte)'m', 0];
        AssertRefused(bytes, "contains itself");
    }

    // The bytes that docs/formats/records.md shows: they are stored, so they stay.
    [TestMethod]
    public void The_documented_bytes_hold()
    {
        Assert.AreEqual(
            "0102" + "42054E6F646500000002" + "0656616C756501" + "054E65787400" + "0706496E74333200000000",
            Convert.ToHexString(BytesOf(TypeShape.Of<Node>())));
        Node nodes = new(5, new Node(7, null));
        Assert.AreEqual("01050000000107000000" + "00", Convert.ToHexString(RoundTrip.BytesOf(nodes)));
        Assert.AreEqual(
            "01" + "02000000" + "CB030000000000000000000000000200" + "056D696C6C",
            Convert.ToHexString(RoundTrip.BytesOf(new Line("mill", 2, 9.71m))));
    }

    private static byte[] LargestShape(int stride)
    {
        const int Members = 40;
        using RecordWriter writer = new();
        writer.WriteByte(1);
        writer.WriteCount(ShapeGraph.MaxNodes);
        for (int i = 0; i < ShapeGraph.MaxNodes; i++)
        {
            WriteNode(writer, ShapeKind.Class, [.. Enumerable.Range(1, Members).Select(
                member => ($"m{member + (i % stride)}", ((i * stride) + member) % ShapeGraph.MaxNodes))]);
        }

        return writer.WrittenSpan.ToArray();
    }

    private static void WriteNode(RecordWriter writer, ShapeKind kind, params (string Name, int Node)[] members)
    {
        writer.WriteByte((byte)kind);
        writer.WriteString("T");
        writer.WriteRaw([0, 0, 0]);
        writer.WriteCount(members.Length);
        foreach ((string name, int node) in members)
        {
            writer.WriteString(name);
            writer.WriteCount(node);
        }
    }

    private static void AssertRefused(byte[] bytes, string reason) =>
        StringAssert.Contains(Assert.ThrowsExactly<RecordCorruptedException>(() => Read(bytes)).Message, reason);

    private static void TryUse(byte[] bytes)
    {
        try
        {
            TypeShape shape = Read(bytes);
            Assert.AreEqual(shape, Read(BytesOf(shape)), Convert.ToHexString(bytes));
            new ShapeMatching(null).Check(shape, TypeShape.Of<Everything>());
        }
        catch (Exception e) when (e is RecordCorruptedException or IncompatibleShapeException)
        {
            // As it should be.
        }
    }

    private static byte[] BytesOf(TypeShape shape)
    {
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, shape);
        return writer.WrittenSpan.ToArray();
    }

    private static TypeShape Read(byte[] bytes)
    {
        RecordReader reader = new(bytes);
        TypeShape shape = ShapeCodec.Read(ref reader);
        reader.ExpectEnd();
        return shape;
    }
}
