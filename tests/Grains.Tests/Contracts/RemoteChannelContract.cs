using Millrace.Batches;
using Millrace.Execution;
using Millrace.Network;
using Millrace.Network.Exchange;
using Millrace.Network.Partitioners;

namespace Millrace.Contracts;

/// <summary>What every way between two silos keeps to, whatever carries the bytes.</summary>
public abstract class RemoteChannelContract : ChannelContract
{
    private protected const int Credit = 8 << 10;

    private const int Queued = 4 << 10;

    // What waits for credit, what credit let through, and one block beyond each of the two; 8 bytes a record.
    private protected override int MostOnTheWay => ((Queued + Credit) / 8) + (2 * 16);

    // The stalled channel is never read while each of the others moves its whole credit many hundred times: had it any
    // part in theirs, they would stand still after the first. How fast they are is for the simulation to say.
    [TestMethod]
    public async Task A_channel_that_is_stalled_for_good_holds_up_no_other_one_on_its_connection()
    {
        const int Records = 1_000_000;
        using TestChannels stalled = new(Silos.From, Silos.To);
        using TestChannels running = new(Silos.From, Silos.To, producers: 3, batchSize: 256);
        await Task.WhenAll(stalled.ConnectAsync(), running.ConnectAsync());
        int written = await FillAsync(stalled);
        long waiting = stalled.Gate.Counts.Queued;

        long[] next = new long[3];
        Task[] writing = [.. running.Outputs.Select((output, producer) =>
            Task.Run(() => ProduceAsync(running, producer, Records, random: null)))];
        for (int ended = 0; ended < writing.Length;)
        {
            (int channel, StreamElement element) = await running.TakeAsync();
            if (element is not RecordBatch<long> batch)
            {
                ended++;
                continue;
            }

            foreach (long record in batch.Records)
            {
                Assert.AreEqual(next[channel]++, record, $"channel {channel}");
            }

            batch.Release();
        }

        await Task.WhenAll(writing);
        CollectionAssert.AreEqual(new long[] { Records, Records, Records }, next);
        for (int channel = 0; channel < next.Length; channel++)
        {
            Assert.IsGreaterThan(900 * Credit, running.Gate.CountsOf(channel).Bytes, $"bytes of channel {channel}");
        }

        Assert.AreEqual(1, Silos.From.Exchange.Connections, "all channels share one connection");
        Assert.IsFalse(stalled.Out.IsAvailable, "the stalled channel was let go on");
        Assert.AreEqual(waiting, stalled.Gate.Counts.Queued, "batches of the stalled channel that came");

        long read = 0;
        while (read < written)
        {
            foreach (long record in (await stalled.TakeBatchAsync()).Records)
            {
                Assert.AreEqual(read++, record);
            }

            stalled.Out.FlushPartial();
        }
    }

    // Far more bytes than credit, in both directions at once: neither waits for the other.
    [TestMethod]
    public async Task Two_silos_send_to_each_other_at_the_same_time()
    {
        const int Records = 200_000;
        using TestChannels there = new(Silos.From, Silos.To, batchSize: 128);
        using TestChannels back = new(Silos.To, Silos.From, batchSize: 128);
        await Task.WhenAll(there.ConnectAsync(), back.ConnectAsync());

        await Task.WhenAll(
            Task.Run(() => ProduceAsync(there, 0, Records, random: null)),
            Task.Run(() => ProduceAsync(back, 0, Records, random: null)),
            Task.Run(() => ConsumeAsync(there, Records, random: null)),
            Task.Run(() => ConsumeAsync(back, Records, random: null)));

        Assert.AreEqual(2, Silos.From.Exchange.Connections, "one connection for each direction");
    }

    // Batches full and not, blocks of many frames, with timestamps and without.
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Both_ends_of_each_channel_count_the_same_records_and_bytes(bool timestamps)
    {
        using TestChannels channels = new(Silos.From, Silos.To, producers: 3, batchSize: 100, timestamps);
        await channels.ConnectAsync();
        int perRecord = timestamps ? 16 : 8;
        int[] records = [70, 1_234, 20_000];
        Task[] writing = [.. channels.Outputs.Select((_, producer) => Task.Run(() =>
            ProduceInPartsAsync(channels, producer, records[producer], timestamps)))];
        for (int ended = 0; ended < writing.Length;)
        {
            (_, StreamElement element) = await channels.TakeAsync();
            ended += element is EndOfData ? 1 : 0;
            element.Release();
        }

        await Task.WhenAll(writing);
        for (int channel = 0; channel < records.Length; channel++)
        {
            EdgeCounts sent = channels.Outputs[channel].Counts;
            EdgeCounts taken = channels.Gate.CountsOf(channel);
            Assert.AreEqual(records[channel], sent.Records, "records sent");
            Assert.AreEqual(records[channel], taken.Records, "records taken");
            Assert.AreEqual(sent.Bytes, taken.Bytes, "bytes");
            Assert.IsGreaterThan(records[channel] * perRecord, sent.Bytes, "bytes sent, with what blocks begin with");
            Assert.AreEqual((0L, 0L), (taken.Queued, sent.QueuedBytes), "what waits");
        }

        Assert.AreEqual(channels.Outputs.Sum(output => output.Counts.Bytes), channels.Gate.Counts.Bytes);
    }

    [TestMethod]
    public async Task Both_ends_count_the_bytes_of_records_larger_than_frames_and_credit()
    {
        using TestEnds<string> ends = new(Silos.From, Silos.To);
        await ends.ConnectAsync();
        int[] lengths = [3, 200_000, 0, 70_000, 12, 65_536];
        Task writing = Task.Run(async () =>
        {
            foreach (int length in lengths)
            {
                await ends.Producer.UntilAsync("write", () => ends.Output.IsAvailable);
                ends.Output.Emit(new string('x', length));
                ends.Output.FlushPartial();
            }
        });
        foreach (int length in lengths)
        {
            using Held<string> held = new(await ends.TakeAsync());
            Assert.AreEqual(length, held.Records.Single().Length);
        }

        await writing;
        Assert.AreEqual(lengths.Length, ends.Gate.Counts.Records);
        Assert.AreEqual(ends.Output.Counts.Records, ends.Gate.Counts.Records);
        Assert.IsGreaterThan(lengths.Sum(), ends.Gate.Counts.Bytes);
        Assert.AreEqual(ends.Output.Counts.Bytes, ends.Gate.Counts.Bytes);
    }

    [TestMethod]
    public async Task A_silo_that_stops_fails_its_channels_on_the_other_one()
    {
        using TestChannels there = new(Silos.From, Silos.To);
        using TestChannels back = new(Silos.To, Silos.From);
        await Task.WhenAll(there.ConnectAsync(), back.ConnectAsync());

        await Silos.To.DisposeAsync();

        await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(
            () => there.Producers[0].UntilAsync("the producer is told", () => !there.Out.IsAvailable));
        await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(
            () => back.Consumer.UntilAsync("the consumer is told", () => back.Gate.TryTake(out _, out _)));
    }

    [TestMethod]
    public async Task A_consumer_that_was_never_deployed_is_a_clear_failure()
    {
        using TestChannels channels = new(Silos.From, Silos.To);
        channels.Gate.Dispose();

        var error = await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(channels.ConnectAsync);
        StringAssert.Contains(error.Message, "no such attempt is deployed");
    }

    private static async Task ProduceInPartsAsync(TestChannels channels, int producer, int count, bool timestamps)
    {
        Random random = new(producer);
        PartitionOutput<long> output = channels.Outputs[producer];
        for (long record = 0; record < count; record++)
        {
            await channels.Producers[producer].UntilAsync($"producer {producer}", () => output.IsAvailable);
            if (timestamps)
            {
                output.Emit(record, record);
            }
            else
            {
                output.Emit(record);
            }

            if (random.Next(150) == 0)
            {
                output.FlushPartial();
            }
        }

        output.Emit(EndOfData.Instance);
    }

    private protected static TestSilo Silo(string name, ITransport transport) => new(
        name,
        new NetworkOptions { MaxQueuedBytes = Queued },
        new ExchangeOptions { ChannelCreditBytes = Credit, ClusterSecret = "s3cret" },
        transport);
}
