using Millrace.Batches;
using Millrace.Network;
using Millrace.Network.Partitioners;

namespace Millrace.Contracts;

/// <summary>What every way from a producer to a consumer keeps to, wherever the two run.</summary>
public abstract class ChannelContract
{
    /// <summary>The silos of producers and consumer; the same one for local channels. Small queues.</summary>
    private protected abstract (TestSilo From, TestSilo To) Silos { get; }

    /// <summary>Most records of 8 bytes that may be on the way when a producer asks after each record.</summary>
    private protected abstract int MostOnTheWay { get; }

    [TestMethod]
    public async Task Order_is_kept_and_nothing_is_lost_or_doubled_whatever_the_batches_and_pauses()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            using TestChannels channels = new(Silos.From, Silos.To, producers: 3, batchSize: 1 << (2 * seed));
            await channels.ConnectAsync();
            Random random = new(seed);
            Task[] producing = [.. channels.Outputs.Select((output, producer) =>
                Task.Run(() => ProduceAsync(channels, producer, count: 20_000, new Random(random.Next()))))];

            await ConsumeAsync(channels, count: 20_000, new Random(seed));
            await Task.WhenAll(producing);
        }

        await AssertNothingIsHeldAsync();
    }

    // Tiny queues and two threads that run as fast as they can: one lost wake-up and both wait for ever.
    [TestMethod]
    public async Task No_wake_up_is_lost_between_two_threads()
    {
        using TestChannels channels = new(Silos.From, Silos.To, batchSize: 1);
        await channels.ConnectAsync();
        Task producing = Task.Run(() => ProduceAsync(channels, 0, count: 200_000, random: null));

        await Task.Run(() => ConsumeAsync(channels, count: 200_000, random: null));
        await producing;
    }

    [TestMethod]
    public async Task A_producer_without_a_reader_is_stopped_and_woken_when_half_is_read()
    {
        using TestChannels channels = new(Silos.From, Silos.To);
        await channels.ConnectAsync();
        int written = await FillAsync(channels);
        Assert.IsTrue(written <= MostOnTheWay, $"{written} records on the way, {MostOnTheWay} allowed");

        int read = 0;
        while (!channels.Out.IsAvailable)
        {
            Assert.IsTrue(read < written, "all was read and the producer was not let go on");
            read += (await channels.TakeBatchAsync()).Records.Length;
            if (channels.Gate.Counts.Queued == 0)
            {
                await channels.Producers[0].UntilAsync(
                    "everything was read", () => channels.Out.IsAvailable || channels.Gate.Counts.Queued > 0);
            }
        }

        Assert.IsTrue(read > 16, $"let go on after {read} records: no dead band");
    }

    [TestMethod]
    public async Task Control_elements_stay_between_the_records_they_were_put_between()
    {
        using TestChannels channels = new(Silos.From, Silos.To, batchSize: 64);
        await channels.ConnectAsync();
        for (int checkpoint = 1; checkpoint <= 10; checkpoint++)
        {
            channels.Out.Emit(checkpoint);
            channels.Out.Emit(new CheckpointBarrier(checkpoint));
        }

        channels.Out.Emit(WatermarkStatus.Idle);
        channels.Out.Emit(WatermarkStatus.Active);
        channels.Out.Emit(EndOfData.Instance);

        for (int checkpoint = 1; checkpoint <= 10; checkpoint++)
        {
            CollectionAssert.AreEqual(new long[] { checkpoint }, (await channels.TakeBatchAsync()).Records);
            Assert.AreEqual(checkpoint, ((CheckpointBarrier)(await channels.TakeAsync()).Element).Checkpoint);
        }

        Assert.AreSame(WatermarkStatus.Idle, (await channels.TakeAsync()).Element);
        Assert.AreSame(WatermarkStatus.Active, (await channels.TakeAsync()).Element);
        Assert.AreSame(EndOfData.Instance, (await channels.TakeAsync()).Element);
    }

    // Early is wrong: a record below the watermark would come too late. Late is allowed.
    [TestMethod]
    public async Task No_watermark_overtakes_a_record_before_it_and_the_last_one_arrives()
    {
        using TestChannels channels = new(Silos.From, Silos.To, batchSize: 8);
        await channels.ConnectAsync();
        Random random = new(5);
        for (long record = 1; record <= 100; record++)
        {
            channels.Out.Emit(record);
            if (random.Next(3) == 0)
            {
                channels.Out.EmitWatermark(record);
            }
        }

        channels.Out.EmitWatermark(100);
        channels.Out.FlushPartial();

        long seen = 0;
        long watermark = RecordBatch.NoWatermark;
        while (watermark < 100)
        {
            (_, long[] records, long after) = await channels.TakeBatchAsync();
            Assert.IsTrue(records.All(record => record > watermark), $"watermark {watermark} came before its records");
            seen += records.Length;
            watermark = Math.Max(watermark, after);
            Assert.IsTrue(watermark <= seen, $"watermark {watermark} after {seen} records");
        }

        Assert.AreEqual(100, seen);
    }

    [TestMethod]
    public async Task A_watermark_that_no_record_follows_is_flushed_alone()
    {
        using TestChannels channels = new(Silos.From, Silos.To);
        await channels.ConnectAsync();
        channels.Out.EmitWatermark(42);
        Assert.IsTrue(channels.Out.HasPartial);
        channels.Out.FlushPartial();
        Assert.IsFalse(channels.Out.HasPartial);

        (_, long[] records, long watermark) = await channels.TakeBatchAsync();
        Assert.IsEmpty(records);
        Assert.AreEqual(42, watermark);
    }

    [TestMethod]
    public async Task A_blocked_channel_waits_while_the_others_are_read()
    {
        using TestChannels channels = new(Silos.From, Silos.To, producers: 3);
        await channels.ConnectAsync();
        channels.Gate.Block(1);
        for (int round = 0; round < 5; round++)
        {
            foreach (PartitionOutput<long> output in channels.Outputs)
            {
                output.Emit(round);
                output.FlushPartial();
            }

            int[] read = [(await channels.TakeBatchAsync()).Channel, (await channels.TakeBatchAsync()).Channel];
            CollectionAssert.AreEquivalent(new[] { 0, 2 }, read);
        }

        Assert.IsFalse(channels.Gate.TryTake(out _, out _), "the blocked channel was read");
        channels.Gate.UnblockAll();
        for (int round = 0; round < 5; round++)
        {
            (int channel, long[] records, _) = await channels.TakeBatchAsync();
            Assert.AreEqual(1, channel);
            CollectionAssert.AreEqual(new long[] { round }, records);
        }
    }

    [TestMethod]
    public async Task Channels_are_read_in_turn()
    {
        using TestChannels channels = new(Silos.From, Silos.To, producers: 3, batchSize: 1);
        await channels.ConnectAsync();
        for (int i = 0; i < 12; i++)
        {
            channels.Outputs[i / 4].Emit(i);
        }

        await Eventually.EqualsAsync(12, () => channels.Gate.Counts.Queued, "batches that wait at the gate");
        for (int round = 0; round < 4; round++)
        {
            int[] turn = [await NextAsync(), await NextAsync(), await NextAsync()];
            CollectionAssert.AreEquivalent(new[] { 0, 1, 2 }, turn, $"round {round}");
        }

        async Task<int> NextAsync() => (await channels.TakeBatchAsync()).Channel;
    }

    [TestMethod]
    public async Task What_a_finished_producer_wrote_still_arrives()
    {
        using TestChannels channels = new(Silos.From, Silos.To);
        await channels.ConnectAsync();
        int written = await FillAsync(channels);
        channels.Out.Emit(EndOfData.Instance);
        channels.Out.Dispose();

        int read = 0;
        while (true)
        {
            (_, StreamElement element) = await channels.TakeAsync();
            if (element is EndOfData)
            {
                break;
            }

            read += ((RecordBatch<long>)element).Count;
            element.Release();
        }

        Assert.AreEqual(written, read);
        channels.Dispose();
        await AssertNothingIsHeldAsync();
    }

    [TestMethod]
    public async Task A_consumer_that_goes_lets_its_producer_go_on_and_leaves_nothing_behind()
    {
        using TestChannels channels = new(Silos.From, Silos.To);
        await channels.ConnectAsync();
        await FillAsync(channels);
        channels.Gate.Dispose();

        await channels.Producers[0].UntilAsync("the consumer has gone", () => channels.Out.IsAvailable);
        for (int record = 0; record < 10 * MostOnTheWay; record++)
        {
            channels.Out.Emit(record);
        }

        Assert.IsTrue(channels.Out.IsAvailable, "a producer without a consumer is held back");
        channels.Dispose();
        await AssertNothingIsHeldAsync();
    }

    [TestMethod]
    public async Task A_producer_that_goes_early_leaves_its_consumer_silent_and_nothing_behind()
    {
        using TestChannels channels = new(Silos.From, Silos.To);
        await channels.ConnectAsync();
        await FillAsync(channels);
        channels.Out.Emit(1);
        channels.Out.EmitWatermark(7);
        channels.Out.Dispose();
        while (channels.Gate.TryTake(out _, out StreamElement? element))
        {
            Assert.IsNotInstanceOfType<EndOfData>(element);
            element!.Release();
        }

        channels.Dispose();
        await AssertNothingIsHeldAsync();
    }

    // Both go while the other is at work: each batch must be given back by exactly one of them.
    [TestMethod]
    public async Task Ends_released_in_any_order_while_records_flow_leave_nothing_behind()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            using TestChannels channels = new(Silos.From, Silos.To, batchSize: 4);
            await channels.ConnectAsync();
            Random random = new(seed);
            int take = random.Next(40);
            int write = random.Next(400);
            Task producing = Task.Run(() =>
            {
                for (int record = 0; record < write && channels.Out.IsAvailable; record++)
                {
                    channels.Out.Emit(record);
                }

                channels.Out.Dispose();
            });
            for (int taken = 0; taken < take; taken++)
            {
                if (channels.Gate.TryTake(out _, out StreamElement? element))
                {
                    element!.Release();
                }
            }

            channels.Gate.Dispose();
            await producing;
        }

        await AssertNothingIsHeldAsync();
    }

    [TestMethod]
    public async Task Timestamps_come_along()
    {
        using TestChannels channels = new(Silos.From, Silos.To, batchSize: 4, timestamps: true);
        await channels.ConnectAsync();
        for (int i = 0; i < 10; i++)
        {
            channels.Out.Room()[0] = i;
            channels.Out.TimestampRoom()[0] = 1_000 + i;
            channels.Out.Advance(1);
        }

        channels.Out.FlushPartial();
        List<long> seen = [];
        while (seen.Count < 10)
        {
            var batch = (RecordBatch<long>)(await channels.TakeAsync()).Element;
            seen.AddRange(batch.Timestamps.AsSpan(0, batch.Count));
            batch.Release();
        }

        CollectionAssert.AreEqual(Enumerable.Range(1_000, 10).Select(i => (long)i).ToArray(), seen);
    }

    private protected static async Task ProduceAsync(TestChannels channels, int producer, int count, Random? random)
    {
        PartitionOutput<long> output = channels.Outputs[producer];
        for (long record = 0; record < count; record++)
        {
            await channels.Producers[producer].UntilAsync(
                $"producer {producer} at {record}", () => output.IsAvailable, () => output.Counts.ToString());
            output.Emit(record);
            if (random?.Next(200) == 0)
            {
                output.FlushPartial();
            }
        }

        output.Emit(EndOfData.Instance);
        output.Dispose();
    }

    private protected static async Task ConsumeAsync(TestChannels channels, int count, Random? random)
    {
        long[] next = new long[channels.Outputs.Length];
        int ended = 0;
        while (ended < next.Length)
        {
            (int channel, StreamElement element) = await channels.TakeAsync();
            if (element is EndOfData)
            {
                Assert.AreEqual(count, next[channel], $"records of channel {channel}");
                ended++;
                continue;
            }

            var batch = (RecordBatch<long>)element;
            foreach (long record in batch.Records)
            {
                Assert.AreEqual(next[channel]++, record, $"channel {channel}");
            }

            batch.Release();
            if (random?.Next(100) == 0)
            {
                await Task.Yield();
            }
        }
    }

    // Writes until the producer is stopped and nothing moves any more. Its queue may run ahead of the road.
    private protected static async Task<int> FillAsync(TestChannels channels)
    {
        int written = 0;
        int still = 0;
        while (still < 20)
        {
            if (channels.Out.IsAvailable)
            {
                channels.Out.Emit(written++);
                still = 0;
                continue;
            }

            still++;
            await Task.Delay(1);
        }

        return written;
    }

    private async Task AssertNothingIsHeldAsync()
    {
        await Eventually.EqualsAsync(0, () => Silos.From.Batches.Outstanding, "batches of the producer's silo");
        await Eventually.EqualsAsync(0, () => Silos.To.Batches.Outstanding, "batches of the consumer's silo");
        await Silos.From.DisposeAsync();
        await Silos.To.DisposeAsync();
        Assert.AreEqual(0, Silos.From.Exchange.Buffers.Outstanding, "buffers of the producer's silo");
        Assert.AreEqual(0, Silos.To.Exchange.Buffers.Outstanding, "buffers of the consumer's silo");
    }
}
