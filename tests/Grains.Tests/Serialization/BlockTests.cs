using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Serialization;

[TestClass]
public sealed class BlockTests
{
    [TestMethod]
    public void Structs_that_are_in_memory_as_they_are_written_are_copied_as_blocks()
    {
        AssertBlock<int>();
        AssertBlock<Guid>();
        AssertBlock<Wide>();
        AssertBlock<Point>();
        AssertBlock<Reading>();
    }

    [TestMethod]
    public void A_block_has_the_bytes_of_its_members_one_after_the_other()
    {
        Guid id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        Reading value = new(1, 2.5, new TimeSpan(3), id, Colour.Blue, 4, 5, 6);
        using RecordWriter writer = new();
        writer.WriteInt64(value.Sensor);
        writer.WriteDouble(value.Value);
        writer.WriteTimeSpan(value.At);
        writer.WriteGuid(value.Id);
        writer.WriteByte((byte)value.Colour);
        writer.WriteByte(value.A);
        writer.WriteInt16(value.B);
        writer.WriteInt32(value.C);
        CollectionAssert.AreEqual(writer.WrittenSpan.ToArray(), RoundTrip.BytesOf(value));
    }

    [TestMethod]
    public void Structs_with_gaps_checked_members_or_another_order_are_not()
    {
        AssertNoBlock(new Padded(1, 2));
        AssertNoBlock(new Tail(2, 1));
        AssertNoBlock(new Checked(true, 2));
        AssertNoBlock(new Dated(DateTime.UnixEpoch));
        AssertNoBlock(new Backwards { First = 1, Second = 2 });
        AssertNoBlock(new Overlapping { Number = 1.5f });
        AssertNoBlock(new PartlyIgnored { Kept = 1, Left = 2 });
        AssertNoBlock(true);
        AssertNoBlock(1.5m);
    }

    // What stood in the gaps of memory must not show in the bytes.
    [TestMethod]
    public void Equal_structs_have_equal_bytes_whatever_stands_between_their_members()
    {
        Span<byte> dirty = stackalloc byte[Unsafe.SizeOf<Padded>()];
        dirty.Fill(0xEE);
        Padded value = MemoryMarshal.Read<Padded>(dirty);
        value = value with { Small = 1, Large = 2 };
        CollectionAssert.AreEqual(RoundTrip.BytesOf(new Padded(1, 2)), RoundTrip.BytesOf(value));
        Assert.HasCount(sizeof(byte) + sizeof(long), RoundTrip.BytesOf(value));
    }

    private static void AssertBlock<T>()
        where T : unmanaged
    {
        Assert.IsInstanceOfType<BlockSerializer<T>>(new SerializerSet().Get<T>());

        byte[] bytes = new byte[Unsafe.SizeOf<T>()];
        new Random(1).NextBytes(bytes);
        RoundTrip.Check(MemoryMarshal.Read<T>(bytes));
    }

    private static void AssertNoBlock<T>(T value)
    {
        Assert.IsInstanceOfType<GeneratedSerializer<T>>(new SerializerSet().Get<T>());
        RoundTrip.Check(value);
    }

#pragma warning disable CA1051, CA1815
    private record struct Reading(
        long Sensor, double Value, TimeSpan At, Guid Id, Colour Colour, byte A, short B, int C);

    private record struct Tail(long Large, byte Small);

    private record struct Checked(bool Flag, byte Number);

    private record struct Dated(DateTime At);

    [StructLayout(LayoutKind.Explicit)]
    private struct Backwards
    {
        [FieldOffset(4)]
        public int First;

        [FieldOffset(0)]
        public int Second;
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct Overlapping
    {
        [FieldOffset(0)]
        public int Bits;

        [FieldOffset(0)]
        public float Number;
    }

    private struct PartlyIgnored
    {
        public int Kept;

        [MillraceIgnore]
        public int Left;
    }
}
