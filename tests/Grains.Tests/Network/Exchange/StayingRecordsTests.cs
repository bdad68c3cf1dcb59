using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Network.Exchange.Frames;
using Millrace.Network.InFlight;
using Millrace.Serialization;

namespace Millrace.Network.Exchange;

/// <summary>Records whose bytes are those they have in memory stay where they were read, as long as anybody holds their
/// batch, and go on their way from where they were lent.</summary>
[TestClass]
public sealed class StayingRecordsTests
{
    private const int BatchRecords = 64;

    private static readonly SerializerSet Serializers = new();

    private readonly BufferAccount _buffers = new();
    private readonly BatchAccount _batches = new();

    // Blocks begin at any byte of what was read: numbers lie where no number would be put.
    [TestMethod]
    public void Records_of_a_block_are_read_where_they_lie_at_any_offset()
    {
        for (int offset = 0; offset < 17; offset++)
        {
            (NetworkBuffer buffer, Block block) = Encoded(200, offset);
            BatchDecoder<Place> decoder = Decoder();
            decoder.Begin(block.Item);
            List<RecordBatch<Place>> batches = [];
            while (decoder.IsReading)
            {
                batches.Add(decoder.Read());
            }

            Assert.IsFalse(buffer.IsExclusive, "batches hold the block");
            Assert.IsTrue(batches.TrueForAll(static batch => batch.IsBorrowed && batch.Count <= BatchRecords));
            CollectionAssert.AreEqual(
                block.Records, batches.SelectMany(static batch => batch.Records.ToArray()).ToArray());
            AssertInside(batches[0], buffer);

            // Whoever lets go last gives the block back.
            batches[^1].Retain();
            batches.ForEach(static batch => batch.Release());
            Assert.AreEqual(1, _buffers.Outstanding);
            Assert.AreEqual(block.Records[^1], batches[^1].Records[^1]);
            batches[^1].Release();
            Assert.AreEqual(0, _buffers.Outstanding);
            Assert.AreEqual(0, _batches.Outstanding);
        }
    }

    // The pool's next user must find a batch of its own.
    [TestMethod]
    public void A_batch_that_is_used_again_has_room_of_its_own()
    {
        BatchPool<Place> pool = Pool();
        (_, Block block) = Encoded(BatchRecords, offset: 5);
        BatchDecoder<Place> decoder = new(Serializers.Get<Place>(), pool);
        decoder.Begin(block.Item);
        RecordBatch<Place> read = decoder.Read();
        read.Release();

        RecordBatch<Place> again = pool.Rent();
        Assert.AreSame(read, again);
        Assert.IsFalse(again.IsBorrowed);
        again.Values[0] = new Place(1, 2);
        again.Count = 1;
        Assert.AreEqual(new Place(1, 2), again[0]);
        again.Release();
    }

    [TestMethod]
    public void Whoever_writes_to_batches_gets_copies()
    {
        (NetworkBuffer buffer, Block block) = Encoded(BatchRecords, offset: 3);
        BatchDecoder<Place> decoder = new(Serializers.Get<Place>(), Pool(), writable: true);
        buffer.Retain();
        decoder.Begin(block.Item);
        RecordBatch<Place> read = decoder.Read();

        Assert.IsTrue(buffer.IsExclusive, "the block was given back when it was read");
        buffer.Bytes.AsSpan().Clear();
        CollectionAssert.AreEqual(block.Records, read.Records.ToArray());
        read.Values[0] = default;
        buffer.Release();
        read.Release();
    }

    [TestMethod]
    public void A_block_that_is_too_short_or_too_long_is_refused_and_given_back()
    {
        foreach (int wrong in new[] { -1, -16, 1, 16 })
        {
            (_, Block block) = Encoded(10, offset: 0);
            IncomingItem item = block.Item with { Length = block.Item.Length + wrong };
            BatchDecoder<Place> decoder = Decoder();
            Assert.ThrowsExactly<RecordCorruptedException>(() =>
            {
                decoder.Begin(item);
                decoder.Read();
            });
            decoder.Drop();
            Assert.AreEqual(0, _buffers.Outstanding, $"{wrong} bytes");
            Assert.AreEqual(0, _batches.Outstanding, $"{wrong} bytes");
        }
    }

    // What is in flight at a checkpoint is written after the loop has gone on, and the pool has the batch again.
    [TestMethod]
    public void A_batch_in_flight_is_written_from_where_it_lies()
    {
        (_, Block block) = Encoded(BatchRecords, offset: 9);
        BatchDecoder<Place> decoder = Decoder();
        decoder.Begin(block.Item);
        RecordBatch<Place> read = decoder.Read();
        using InFlightRecords<Place> inFlight = new(Serializers.Get<Place>(), hasTimestamps: false);
        inFlight.Add(read, 10, RecordBatch.NoWatermark);
        read.Release();

        byte[] written = inFlight.ToBlocks().Single().ToArray();

        RecordBatch<Place> restored = InFlightBlocks.Read(written, Serializers.Get<Place>(), Pool()).Single();
        CollectionAssert.AreEqual(block.Records[10..], restored.Records.ToArray());
        Assert.IsFalse(restored.IsBorrowed, "what is restored is divided among subtasks");
        restored.Release();
        inFlight.Dispose();
        Assert.AreEqual(0, _buffers.Outstanding);
    }

    [TestMethod]
    public async Task An_output_to_another_silo_sends_lent_records_from_where_they_lie()
    {
        await using TestSilo from = new("S1");
        await using TestSilo to = new("S2");
        using TestEnds<Place> ends = new(from, to);
        await ends.ConnectAsync();
        Assert.IsTrue(ends.Output.CanLend);
        Place[] lent = [.. Enumerable.Range(0, 500).Select(static i => new Place(i, -i))];
        Place[] expected = [.. lent[100..400]];

        ends.Output.Lend(new ArraySegment<Place>(lent, 100, 300), RecordBatch.NoWatermark);
        Assert.IsTrue(ends.Output.IsAvailable);
        Array.Clear(lent);

        using Held<Place> held = new(await ends.TakeAsync());
        CollectionAssert.AreEqual(expected, held.Batch.Records.ToArray());
    }

    [TestMethod]
    public async Task An_output_within_the_silo_takes_no_lent_records()
    {
        await using TestSilo silo = new();
        using TestChannels channels = new(silo, silo);
        Assert.IsFalse(channels.Out.CanLend);
    }

    private static void AssertInside(RecordBatch<Place> batch, NetworkBuffer buffer) =>
        Assert.IsTrue(
            MemoryMarshal.AsBytes(batch.Records).Overlaps(buffer.Bytes), "the records are where they were read");

    private BatchPool<Place> Pool() => new(BatchRecords, BatchLayout.None, _batches);

    private BatchDecoder<Place> Decoder() => new(Serializers.Get<Place>(), Pool());

    // As it would stand among others in what was read from a connection.
    private (NetworkBuffer Buffer, Block Block) Encoded(int count, int offset)
    {
        Place[] records = [.. Enumerable.Range(0, count).Select(static i => new Place(i, i * 1_000_000_007L))];
        using RecordWriter writer = new();
        writer.Reserve(BlockHeader.Bytes);
        Serializers.Get<Place>().WriteBatch(writer, records);
        new BlockHeader(writer.Position, count, 42).Write(writer.Buffer);
        NetworkBuffer buffer = NetworkBuffer.Rent(offset + writer.Position, _buffers);
        writer.WrittenSpan.CopyTo(buffer.Bytes.AsSpan(offset));
        return (buffer, new Block(records, new IncomingItem(buffer, offset, writer.Position, null)));
    }

    internal readonly record struct Place(long Row, long Column);

    private sealed record Block(Place[] Records, IncomingItem Item);
}
