using Millrace.Batches;
using Millrace.Network.Exchange;
using Millrace.Network.Partitioners;

namespace Millrace.Network.InFlight;

/// <summary>Barriers that overtake records on their way between two ends, on one silo or two.</summary>
[TestClass]
public sealed class OvertakingBarrierTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task What_a_barrier_overtakes_is_recorded_once_and_still_read_once(bool remote)
    {
        await using TestSilo from = Silo("S1");
        await using TestSilo to = Silo("S2");
        int recorded = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            using TestChannels channels = new(
                from, remote ? to : from, batchSize: 1 << (seed % 8), timestamps: seed % 2 == 0);
            await channels.ConnectAsync();
            recorded += await new Run(channels, seed).CheckAsync();
        }

        Assert.IsGreaterThan(10_000, recorded);
        await Eventually.EqualsAsync(0, () => from.Batches.Outstanding + to.Batches.Outstanding, "batches");
        await from.DisposeAsync();
        await to.DisposeAsync();
        Assert.AreEqual(0, from.Exchange.Buffers.Outstanding + to.Exchange.Buffers.Outstanding, "buffers");
    }

    // With so little credit most of what is written waits at its producer.
    private static TestSilo Silo(string name) => new(
        name, exchange: new ExchangeOptions { ChannelCreditBytes = 4 << 10, GateCreditBytes = 64 << 10 });

    /// <summary>One channel, several checkpoints, each of which overtakes.</summary>
    private sealed class Run(TestChannels channels, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<long> _read = [];
        private long _written;
        private int _recorded;

        public async Task<int> CheckAsync()
        {
            for (int checkpoint = 1; checkpoint <= 4; checkpoint++)
            {
                await CheckAsync(checkpoint);
            }

            channels.Out.Emit(EndOfData.Instance);
            while (await channels.TakeAsync() is { Element: var element } && element is not EndOfData)
            {
                Take(element);
            }

            CollectionAssert.AreEqual(Numbers(0, _written), _read, $"seed {seed}");
            return _recorded;
        }

        private async Task CheckAsync(int checkpoint)
        {
            Write(_random.Next(4_000));
            channels.Out.Emit(new CheckpointBarrier(checkpoint, overtakesAt: 0));
            long cut = _written;
            Write(_random.Next(1_000));
            for (int takes = _random.Next(40); takes > 0 && channels.Gate.TryTake(out _, out var element); takes--)
            {
                Take(element!);
            }

            using var unsent = Records();
            if (!channels.Out.HasSent(checkpoint))
            {
                channels.Out.Overtake(0, checkpoint, unsent);
            }

            await channels.Consumer.UntilAsync("foretold", () => IsForetold(checkpoint));
            using var received = Records();
            if (_read.Count < cut)
            {
                channels.Gate.Record(0, checkpoint, received);
            }

            long[] inFlight = [.. Decode(received), .. Decode(unsent)];
            _recorded += inFlight.Length;
            CollectionAssert.AreEqual(
                Numbers(_read.Count, Math.Max(cut, _read.Count)), inFlight, $"seed {seed}, checkpoint {checkpoint}");
        }

        private bool IsForetold(int checkpoint)
        {
            while (channels.Gate.TryTakeForetold(out _, out StreamElement? control))
            {
                if (control is CheckpointBarrier barrier && barrier.Checkpoint == checkpoint)
                {
                    return true;
                }
            }

            return false;
        }

        private static List<long> Numbers(long first, long end) =>
            [.. Enumerable.Range((int)first, (int)(end - first)).Select(number => (long)number)];

        private InFlightRecords<long> Records() =>
            new(channels.From.Serializers.Get<long>(), channels.Out.HasTimestamps);

        private IEnumerable<long> Decode(InFlightRecords<long> records)
        {
            BatchPool<long> pool = new(
                7, channels.Out.HasTimestamps ? BatchLayout.Timestamps : BatchLayout.None, channels.From.Batches);
            foreach (ReadOnlyMemory<byte> block in records.ToBlocks())
            {
                foreach (RecordBatch<long> batch in InFlightBlocks.Read(
                    block.ToArray(), channels.From.Serializers.Get<long>(), pool))
                {
                    for (int i = 0; i < batch.Count; i++)
                    {
                        Assert.AreEqual(batch[i] * 3, batch.Timestamps?[i] ?? (batch[i] * 3));
                        yield return batch[i];
                    }

                    batch.Release();
                }
            }
        }

        private void Write(int count)
        {
            PartitionOutput<long> output = channels.Out;
            for (int i = 0; i < count; i++, _written++)
            {
                if (output.HasTimestamps)
                {
                    output.Emit(_written, _written * 3);
                }
                else
                {
                    output.Emit(_written);
                }
            }
        }

        private void Take(StreamElement element)
        {
            if (element is RecordBatch<long> batch)
            {
                _read.AddRange(batch.Records);
                batch.Release();
            }
        }
    }
}
