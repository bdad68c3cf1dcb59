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
