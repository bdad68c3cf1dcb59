namespace Millrace.Serialization;

[TestClass]
public sealed class RecordWriterTests
{
    [TestMethod]
    public void Values_come_back_in_the_order_in_which_they_were_written()
    {
        using RecordWriter writer = new();
        writer.WriteVarUInt32(uint.MaxValue);
        writer.WriteVarUInt64(ulong.MaxValue);
        writer.WriteVarInt32(int.MinValue);
        writer.WriteVarInt64(long.MinValue);
        writer.WriteCount(3);
        writer.WriteBytes([1, 2, 3]);
        writer.WriteRaw([4, 5]);
        writer.Reserve(2).Fill(9);
        writer.WriteDecimal(1.50m);
        RecordReader reader = new(writer.WrittenSpan);
        Assert.AreEqual(uint.MaxValue, reader.ReadVarUInt32());
        Assert.AreEqual(ulong.MaxValue, reader.ReadVarUInt64());
        Assert.AreEqual(int.MinValue, reader.ReadVarInt32());
        Assert.AreEqual(long.MinValue, reader.ReadVarInt64());
        Assert.AreEqual(3, reader.ReadCount(1));
        CollectionAssert.AreEqual((byte[])[1, 2, 3], reader.ReadBytes().ToArray());
        CollectionAssert.AreEqual((byte[])[4, 5, 9, 9], reader.ReadRaw(4).ToArray());
        Assert.AreEqual(1.50m, reader.ReadDecimal());
        reader.ExpectEnd();
    }

    [TestMethod]
    public void Numbers_take_as_few_bytes_as_they_need()
    {
        for (int bits = 0; bits < 64; bits++)
        {
            foreach (ulong value in (ulong[])[1UL << bits, (1UL << bits) - 1])
            {
                using RecordWriter writer = new();
                writer.WriteVarUInt64(value);
                int significant = 64 - System.Numerics.BitOperations.LeadingZeroCount(value);
                Assert.AreEqual(Math.Max(1, (significant + 6) / 7), writer.Length, $"{value}");
                RecordReader reader = new(writer.WrittenSpan);
                Assert.AreEqual(value, reader.ReadVarUInt64());
            }
        }
    }

    [TestMethod]
    public void Writing_goes_on_in_a_block_of_the_caller_and_leaves_it_when_it_is_full()
    {
        byte[] block = new byte[32];
        block[0] = 0xAA;
        using RecordWriter writer = new();
        writer.Attach(block, 1);
        writer.WriteInt64(-1);
        Assert.AreSame(block, writer.Buffer);
        Assert.AreEqual(9, writer.Position);
        Assert.AreEqual(8, writer.Length);
        writer.WriteRaw(new byte[100]);
        Assert.AreNotSame(block, writer.Buffer);
        Assert.AreEqual(0xAA, writer.Buffer[0], "what stood before comes along");
        Assert.AreEqual(108, writer.Length);
        Assert.AreEqual(-1, new RecordReader(writer.WrittenSpan).ReadInt64());
        byte[] detached = writer.Detach(out bool rented);
        Assert.IsTrue(rented);
        Assert.AreEqual(0, writer.Length);
        System.Buffers.ArrayPool<byte>.Shared.Return(detached);
    }

    [TestMethod]
    public void A_block_of_the_caller_is_not_given_to_the_pool()
    {
        byte[] block = new byte[16];
        using (RecordWriter writer = new(block))
        {
            writer.WriteInt32(1);
            Assert.AreSame(block, writer.Detach(out bool rented));
            Assert.IsFalse(rented);
        }

        Assert.AreEqual(1, block[0]);
    }

    [TestMethod]
    public void Bytes_written_before_can_be_filled_in_later()
    {
        using RecordWriter writer = new();
        int start = writer.Position;
        writer.WriteInt32(0);
        writer.WriteString("text");
        int end = writer.Position;
        writer.Position = start;
        writer.WriteInt32(end - start);
        writer.Position = end;
        Assert.AreEqual(9, new RecordReader(writer.WrittenSpan).ReadInt32());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => writer.Position = -1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => writer.Position = writer.Buffer.Length + 1);
    }

    [TestMethod]
    public void Nothing_is_allocated_per_record_once_the_block_is_large_enough()
    {
        SerializerSet set = new();
        TypeSerializer<WithText> serializer = set.Get<WithText>();
        TypeSerializer<Mixed> flat = set.Get<Mixed>();
        WithText[] records = [.. Enumerable.Range(0, 100).Select(i => new WithText($"text {i} é", default, i, null))];
        Mixed[] mixed = new Mixed[100];
        using RecordWriter writer = new();
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            writer.Reset();
            serializer.WriteBatch(writer, records);
            flat.WriteBatch(writer, mixed);
            writer.Reset();
            flat.WriteBatch(writer, mixed);
            RecordReader reader = new(writer.WrittenSpan);
            flat.ReadBatch(ref reader, mixed);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.IsTrue(round == 0 || allocated == 0, $"{allocated} bytes in round {round}");
        }
    }
}
