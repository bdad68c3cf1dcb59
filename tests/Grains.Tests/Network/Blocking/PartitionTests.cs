using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Frames;
using Millrace.Serialization;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>What is written into a partition is what its consumers read, from memory and from the disk, and nothing of
/// it is left when they have gone.</summary>
[TestClass]
public sealed class PartitionTests
{
    private const int Targets = 3;
    private const int BatchRecords = 500;

    private static readonly SerializerSet Serializers = new();

    // Records of a few bytes and of more than a chunk, with memory for all, for some and for none of them.
    [TestMethod]
    [DataRow(16 << 10)]
    [DataRow(1 << 20)]
    [DataRow(1 << 30)]
    public void Each_target_reads_its_records_in_order(int memory)
    {
        foreach (int chunk in new[] { 16 << 10, 100_000, 256 << 10 })
        {
            using Silo silo = new(memory);
            Partition partition = silo.Write(out List<string>[] written);
            for (int target = 0; target < Targets; target++)
            {
                CollectionAssert.AreEqual(written[target], silo.Read(partition, target, chunk));
            }

            silo.Release(partition);
            Assert.AreEqual(0, silo.Store.Buffers.Outstanding);
            Assert.AreEqual(0, silo.Store.MemoryBytes);
            Assert.AreEqual(0, silo.Store.Space.UsedBytes);
            Assert.AreEqual(0, silo.Simulation.Disk.Paths.Count);
        }
    }

    // A consumer that runs again, and several of what goes to all: none sees what another one has done with it.
    [TestMethod]
    [DataRow(16 << 10)]
    [DataRow(1 << 30)]
    public void Several_read_the_same_at_the_same_time(int memory)
    {
        using Silo silo = new(memory);
        Partition partition = silo.Write(out List<string>[] written);
        Reader[] readers = [.. Enumerable.Range(0, 4).Select(_ => silo.Open(partition, 0, 16 << 10))];
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = false;
            foreach (Reader reader in readers)
            {
                goesOn |= silo.Run(reader.StepAsync);
            }
        }

        foreach (Reader reader in readers)
        {
            CollectionAssert.AreEqual(written[0], reader.Records);
            silo.Dispose(reader);
        }

        silo.Release(partition);
        Assert.AreEqual(0, silo.Store.Buffers.Outstanding);
    }

    // At every step of reading: while a chunk is being fetched, with one at hand, within a block.
    [TestMethod]
    public void A_reader_that_goes_at_any_step_leaves_nothing_behind()
    {
        for (int steps = 0; steps < 40; steps++)
        {
            using Silo silo = new(16 << 10);
            Partition partition = silo.Write(out _);
            Reader reader = silo.Open(partition, 1, 16 << 10);
            for (int step = 0; step < steps; step++)
            {
                silo.Run(reader.StepAsync);
            }

            silo.Store.Release(partition.Id);
            silo.Dispose(reader);
            silo.Settle();
            Assert.AreEqual(0, silo.Store.Buffers.Outstanding, $"after {steps} steps");
            Assert.AreEqual(0, silo.Store.Space.UsedBytes, $"after {steps} steps");
            Assert.AreEqual(0, silo.Simulation.Disk.Paths.Count, $"after {steps} steps");
        }
    }

    [TestMethod]
    public void A_byte_that_was_changed_or_is_missing_loses_the_partition_and_nothing_else()
    {
        int lost = 0;
        for (int seed = 1; seed <= 40; seed++)
        {
            using Silo silo = new(16 << 10, seed);
            Partition partition = silo.Write(out List<string>[] written);
            Assert.IsTrue(seed % 2 == 0 ? silo.Simulation.Disk.Damage() : silo.Simulation.Disk.CutOff());
            for (int target = 0; target < Targets; target++)
            {
                Reader reader = silo.Open(partition, target, 16 << 10);
                try
                {
                    while (silo.Run(reader.StepAsync))
                    {
                    }

                    CollectionAssert.AreEqual(written[target], reader.Records);
                }
                catch (PartitionLostException exception)
                {
                    StringAssert.Contains(exception.Message, ".spill");
                    lost++;

                    // What was read before is right.
                    CollectionAssert.AreEqual(written[target].Take(reader.Records.Count).ToList(), reader.Records);
                }

                silo.Dispose(reader);
            }

            silo.Release(partition);
            Assert.AreEqual(0, silo.Store.Buffers.Outstanding, $"seed {seed}");
        }

        Assert.IsTrue(lost >= 40, $"{lost} of 40 partitions with a fault were found to be lost");
    }

    [TestMethod]
    public void A_full_disk_fails_the_producer_and_leaves_nothing_behind()
    {
        for (int capacity = 0; capacity < 2_000_000; capacity += 333_333)
        {
            using Silo silo = new(16 << 10);
            silo.Simulation.Disk.Capacity = capacity;
            Exception failure = Assert.ThrowsExactly<SpillFailedException>(() => silo.Write(out _));
            StringAssert.Contains(failure.ToString(), "No space left");
            silo.Settle();
            Assert.AreEqual(0, silo.Store.Buffers.Outstanding, $"capacity {capacity}");
            Assert.AreEqual(0, silo.Store.MemoryBytes, $"capacity {capacity}");
            Assert.AreEqual(0, silo.Store.Space.UsedBytes, $"capacity {capacity}");
        }
    }

    private static ExecutionAttemptId Attempt(int vertex, int subtask = 0) =>
        new(new JobId(new Id128(1, 1)), new VertexId(new Id128(1, (ulong)vertex)), subtask, 0);

    /// <summary>One silo with a disk in memory.</summary>
    private sealed class Silo : IDisposable
    {
        private readonly BatchPool<string> _pool = new(BatchRecords, BatchLayout.None, new BatchAccount());

        public Silo(int memory, int seed = 7)
        {
            Simulation = new SimulatedExecution(seed);
            Store = new PartitionStore(
                Simulation,
                new SpillSpace(
                    Simulation, new BatchOptions { SpillDirectory = "spill", PartitionMemoryBytes = memory }),
                new BufferAccount());
        }

        public SimulatedExecution Simulation { get; }

        public PartitionStore Store { get; }

        public void Dispose() => Store.Dispose();

        public Partition Write(out List<string>[] written)
        {
            BlockingOutput output = new(new PartitionId(0, Attempt(0)), JobEpoch.None.Next(), 0);
            Partition partition = Store.Create(output, Targets, isShared: false);
            List<string>[] all = [.. Enumerable.Range(0, Targets).Select(_ => new List<string>())];
            Run(() => WriteAsync(new PartitionWriter(partition, Store, Woken, Targets), all));
            written = all;
            return partition;
        }

        private Producer Woken { get; } = new(static () => { });

        public Reader Open(Partition partition, int target, int chunk) =>
            new(partition.Open(Attempt(1, target), chunk, Store), new BatchDecoder<string>(
                Serializers.Get<string>(), _pool));

        public List<string> Read(Partition partition, int target, int chunk)
        {
            Reader reader = Open(partition, target, chunk);
            while (Run(reader.StepAsync))
            {
            }

            Dispose(reader);
            return reader.Records;
        }

        /// <summary>Within the simulation: what follows upon it is.</summary>
        public void Dispose(Reader reader) => Run(() =>
        {
            reader.Dispose();
            return Task.FromResult(true);
        });

        public void Release(Partition partition)
        {
            Store.Release(partition.Id);
            Settle();
        }

        /// <summary>Lets everything that goes on come to its end.</summary>
        public void Settle() => Run(async () =>
        {
            await Simulation.DelayAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            return true;
        });

        public T Run<T>(Func<Task<T>> work)
        {
            T result = default!;
            Task task = Simulation.RunAsync(async () => result = await work());
            Simulation.RunUntil(() => task.IsCompleted);
            task.GetAwaiter().GetResult();
            return result;
        }

        // Half a megabyte for each target in small records, and some that are larger than a chunk.
        private async Task<bool> WriteAsync(PartitionWriter writer, List<string>[] all)
        {
            BatchEncoder<string> encoder = new(Serializers.Get<string>(), false, 1 << 20, "texts", Store.Buffers);
            BlockingSubpartition<string>[] ways = [.. Enumerable
                .Range(0, Targets)
                .Select(target => new BlockingSubpartition<string>(writer, encoder, target))];
            try
            {
                for (int number = 0; number < 40; number++)
                {
                    for (int target = 0; target < Targets; target++)
                    {
                        await UntilAsync(() => ways[target].IsAvailable);
                        ways[target].Add(Batch(all[target], number, target));
                    }
                }

                Array.ForEach(ways, static way => way.Add(EndOfData.Instance));
                await UntilAsync(() => ways[0].IsComplete);
                return true;
            }
            finally
            {
                Array.ForEach(ways, static way => way.ReleaseProducer());
            }
        }

        private async Task UntilAsync(Func<bool> condition)
        {
            while (!condition())
            {
                if (Woken.Failure is Exception failure)
                {
                    throw failure;
                }

                await Simulation.DelayAsync(TimeSpan.FromMicroseconds(100), CancellationToken.None);
            }
        }

        private RecordBatch<string> Batch(List<string> written, int number, int target)
        {
            RecordBatch<string> batch = _pool.Rent();
            batch.Count = number % 13 == 12 ? 1 : BatchRecords;
            for (int i = 0; i < batch.Count; i++)
            {
                string text = batch.Count == 1
                    ? new string((char)('a' + target), 300_000 + number)
                    : $"record {i} of batch {number} for target {target}";
                batch.Values[i] = text;
                written.Add(text);
            }

            return batch;
        }
    }

    /// <summary>One consumer's reader.</summary>
    private sealed class Reader(PartitionCursor cursor, BatchDecoder<string> decoder) : IDisposable
    {
        public List<string> Records { get; } = [];

        /// <summary>One block or one load.</summary>
        /// <returns>False when there is nothing any more.</returns>
        public async Task<bool> StepAsync()
        {
            if (decoder.IsReading)
            {
                Decode();
                return true;
            }

            switch (cursor.TryRead(out IncomingItem block))
            {
                case CursorStatus.Block:
                    decoder.Begin(block);
                    Decode();
                    return true;
                case CursorStatus.ToLoad:
                    await cursor.LoadAsync();
                    return true;
                default:
                    return false;
            }
        }

        public void Dispose()
        {
            decoder.Drop();
            cursor.Dispose();
        }

        private void Decode()
        {
            RecordBatch<string> batch = decoder.Read();
            Records.AddRange(batch.Records);
            batch.Release();
        }
    }
}
