using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Execution;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Measuring;
using Millrace.Network;
using Millrace.Network.Blocking;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Frames;
using Millrace.Operators.Sorting;
using Millrace.Serialization;
using Millrace.State;
using Millrace.Tasks;

namespace Millrace.Contests;

/// <summary>What batch mode does with the disk, against what one would write by hand: a sort in runs, and a file that
/// is written and read.</summary>
internal static class SpillContests
{
    private const int Records = 2_000_000;
    private const int Keys = 100_000;
    private const int SortBytes = 16 << 20;
    private const int RunRecords = SortBytes / 48;
    private const int FileChunk = 256 << 10;
    private const int BatchRecords = 1_024;

    private static readonly Event[] Input = Event.Many(Records, Keys);
    private static readonly KeyHasher<long> Hasher = new SerializerSet().GetKeyHasher<long>();
    private static readonly ulong[] Hashes = [.. Input.Select(record => Hasher.Hash(record.Key))];
    private static readonly long Expected = Input.Sum(record => record.Value);

    public static IEnumerable<Benchmark> All() =>
    [
        new Contest("external-sort", "records", 0.5, Sorter, SortByHand) { ByElapsedTime = true },
        new Contest("blocking-exchange", "bytes", 0.5, Partition, FileByHand)
        {
            ByElapsedTime = true,

            // A run takes some hundredths of a second: loops are compiled to their best after many of them.
            WarmUps = 40,
        },
    ];

    private static Sample Sorter() => WithSpace(SortBytes, async (space, _) =>
    {
        using var sorter = new RecordSorter<Event>(new SerializerSet().Get<Event>(), space, SortBytes);
        for (int i = 0; i < Records; i++)
        {
            if (!sorter.HasRoom)
            {
                await sorter.SpillAsync();
            }

            sorter.Add(Hashes[i], Input[i].Timestamp, in Input[i]);
        }

        sorter.BeginRead();
        RecordBatch<Event> batch =
            new BatchPool<Event>(BatchRecords, BatchLayout.Timestamps, new BatchAccount()).Rent();
        long sum = 0;
        while (sorter.TryPeek(out SortPlace next) is var status && status != SortedStatus.End)
        {
            if (status == SortedStatus.ToLoad)
            {
                await sorter.LoadAsync();
                continue;
            }

            sorter.Fill(batch, SortPlace.LastOf(next.Hash));
            sum += SumOf(batch.Records);
            batch.Count = 0;
        }

        batch.Release();
        return (Records, sum);
    });

    // The same road without serializers, checksums, batches and awaits: structs as they lie in memory.
    private static Sample SortByHand() => WithFile(file =>
    {
        var entries = new Entry[RunRecords];
        List<(long Begin, int Count)> runs = [];
        for (int first = 0; first < Records; first += RunRecords)
        {
            int count = Math.Min(RunRecords, Records - first);
            for (int i = 0; i < count; i++)
            {
                entries[i] = new Entry(Hashes[first + i], first + i, Input[first + i]);
            }

            Span<Entry> run = entries.AsSpan(0, count);
            run.Sort(static (left, right) => left.Hash != right.Hash
                ? left.Hash.CompareTo(right.Hash)
                : left.Number.CompareTo(right.Number));
            runs.Add((file.Position, count));
            file.Write(MemoryMarshal.AsBytes(run));
        }

        file.Flush();
        return (Records, Merge(file, runs));
    });

    private static long Merge(FileStream file, List<(long Begin, int Count)> runs)
    {
        PriorityQueue<RunByHand, (ulong Hash, int Number)> queue = new(runs.Count);
        foreach ((long begin, int count) in runs)
        {
            var run = new RunByHand(file, begin, count);
            if (run.MoveNext())
            {
                queue.Enqueue(run, (run.Current.Hash, run.Current.Number));
            }
        }

        long sum = 0;
        while (queue.TryPeek(out RunByHand? run, out _))
        {
            sum += run.Current.Record.Value;
            if (run.MoveNext())
            {
                queue.DequeueEnqueue(run, (run.Current.Hash, run.Current.Number));
            }
            else
            {
                queue.Dequeue();
            }
        }

        return sum;
    }

    // One producer, one consumer on the same silo; no memory to keep anything in, so that all goes through the file.
    private static Sample Partition() => WithSpace(SortBytes, async (space, execution) =>
    {
        using var store = new PartitionStore(execution, space, new BufferAccount());
        BlockingOutput output = new(new PartitionId(0, Attempt(0)), JobEpoch.None.Next(), 0);
        Partition partition = store.Create(output, targets: 1, isShared: false);
        var signal = new SemaphoreSlim(0);
        var producer = new Producer(() => signal.Release());
        var writer = new PartitionWriter(partition, store, producer, targets: 1);
        TypeSerializer<Event> serializer = new SerializerSet().Get<Event>();
        var way = new BlockingSubpartition<Event>(
            writer, new BatchEncoder<Event>(serializer, false, 1 << 20, "events", store.Buffers), 0);
        BatchPool<Event> pool = new(BatchRecords, BatchLayout.None, new BatchAccount());
        for (int first = 0; first < Records; first += BatchRecords)
        {
            while (!way.IsAvailable)
            {
                await signal.WaitAsync();
            }

            way.Add(Batch(pool, first));
        }

        way.Add(EndOfData.Instance);
        while (!way.IsComplete)
        {
            if (producer.Failure is { } failure)
            {
                throw new IOException("The partition cannot be written.", failure);
            }

            await signal.WaitAsync();
        }

        using PartitionCursor cursor = partition.Open(Attempt(1), FileChunk, store);
        long sum = await ReadAsync(cursor, new BatchDecoder<Event>(serializer, pool));
        store.Release(output.Id);
        return (Records * 32.0, sum);
    });

    private static async Task<long> ReadAsync(PartitionCursor cursor, BatchDecoder<Event> decoder)
    {
        long sum = 0;
        while (true)
        {
            switch (cursor.TryRead(out IncomingItem block))
            {
                case CursorStatus.Block:
                    decoder.Begin(block);
                    while (decoder.IsReading)
                    {
                        RecordBatch<Event> batch = decoder.Read();
                        sum += SumOf(batch.Records);
                        batch.Release();
                    }

                    break;
                case CursorStatus.ToLoad:
                    await cursor.LoadAsync();
                    break;
                default:
                    return sum;
            }
        }
    }

    private static Sample FileByHand() => WithFile(file =>
    {
        ReadOnlySpan<byte> all = MemoryMarshal.AsBytes(Input.AsSpan());
        for (int at = 0; at < all.Length; at += FileChunk)
        {
            file.Write(all.Slice(at, Math.Min(FileChunk, all.Length - at)));
        }

        file.Position = 0;
        byte[] chunk = new byte[FileChunk];
        long sum = 0;
        for (int read; (read = file.ReadAtLeast(chunk, FileChunk, throwOnEndOfStream: false)) > 0;)
        {
            sum += SumOf(MemoryMarshal.Cast<byte, Event>(chunk.AsSpan(0, read)));
        }

        return (Records * 32.0, sum);
    });

    private static RecordBatch<Event> Batch(BatchPool<Event> pool, int first)
    {
        RecordBatch<Event> batch = pool.Rent();
        int count = Math.Min(BatchRecords, Records - first);
        Input.AsSpan(first, count).CopyTo(batch.Values);
        batch.Count = count;
        return batch;
    }

    private static long SumOf(ReadOnlySpan<Event> records)
    {
        long sum = 0;
        foreach (ref readonly Event record in records)
        {
            sum += record.Value;
        }

        return sum;
    }

    private static ExecutionAttemptId Attempt(int number) =>
        new(new JobId(new Id128(1, 1)), new VertexId(new Id128(1, (ulong)number)), 0, 0);

    private static Sample WithSpace(
        int partitionBytes, Func<SpillSpace, IExecution, Task<(double Units, long Sum)>> run)
    {
        string folder = Directory.CreateTempSubdirectory("millrace-bench").FullName;
        try
        {
            using var execution = new SystemExecution(
                new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);
            using var space = new SpillSpace(
                execution, new BatchOptions { SpillDirectory = folder, PartitionMemoryBytes = partitionBytes });
            (double Units, long Sum) result = default;
            Sample sample = Sample.Of(1, () => result = run(space, execution).GetAwaiter().GetResult());
            return Checked(sample, result);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Sample WithFile(Func<FileStream, (double Units, long Sum)> run)
    {
        string folder = Directory.CreateTempSubdirectory("millrace-bench").FullName;
        try
        {
            (double Units, long Sum) result = default;
            Sample sample = Sample.Of(1, () =>
            {
                using FileStream file = new(
                    Path.Combine(folder, "file"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
                result = run(file);
            });
            return Checked(sample, result);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Sample Checked(Sample sample, (double Units, long Sum) result) => result.Sum == Expected
        ? sample with { Units = result.Units }
        : throw new InvalidOperationException($"The sum is {result.Sum}, {Expected} was expected.");

    private readonly record struct Entry(ulong Hash, int Number, Event Record);

    // Reads its part of the file, some thousand entries at a time.
    private sealed class RunByHand(FileStream file, long begin, int count)
    {
        private const int Part = 1_300;

        private readonly Entry[] _part = new Entry[Part];
        private int _read;
        private int _at;
        private int _held;

        public ref readonly Entry Current => ref _part[_at];

        public bool MoveNext()
        {
            if (++_at < _held)
            {
                return true;
            }

            _held = Math.Min(Part, count - _read);
            _at = 0;
            if (_held == 0)
            {
                return false;
            }

            Span<byte> bytes = MemoryMarshal.AsBytes(_part.AsSpan(0, _held));
            RandomAccess.Read(file.SafeFileHandle, bytes, begin + ((long)_read * (bytes.Length / _held)));
            _read += _held;
            return true;
        }
    }
}
