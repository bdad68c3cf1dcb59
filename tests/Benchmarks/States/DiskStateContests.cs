using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Graph;
using Millrace.Measuring;
using Millrace.Operators;
using Millrace.Operators.Keyed;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Disk;
using Millrace.State.Snapshots;

namespace Millrace.States;

/// <summary>A rolling aggregate whose state is ten times as large as the memory it may use, against a loop that reads
/// and sets the same rows of RocksDB one by one.</summary>
/// <remarks>Both sides keep their state from round to round and have a budget of their own of the same size; what is
/// sorted anew in the background counts for whoever runs then.</remarks>
internal static class DiskStateContests
{
    private const long Budget = 32L << 20;
    private const int Times = 10;
    private const int Keys = (int)(Times * Budget / RowBytes);
    private const int RowBytes = 12 + 96;
    private const int Records = 200_000;
    private const int Rounds = 40;
    private const double Skew = 0.99;

    private static readonly Lazy<(KeptRows Millrace, BareRows Bare)> Sides = new(static () =>
        (new KeptRows(Keys, Budget), new BareRows(Keys, Budget)));

    public static IEnumerable<Benchmark> All() =>
    [
        new DiskMemoryBenchmark(Keys, Budget),
        new DiskCheckpointBenchmark(Keys / 4, Budget),
        Contest("disk-state-uniform", static random => random.Next(Keys)),
        Contest("disk-state-zipf", new ZipfNumbers(Keys, Skew).Next),
    ];

    private static Contest Contest(string name, Func<Random, long> next)
    {
        long[] keys = [];
        int round = 0;
        List<long>[] sums = [[], []];
        return new Contest(
            name,
            "records",
            0.6,
            () => Run(0, part => Sides.Value.Millrace.Add(part)),
            () => Run(1, part => Sides.Value.Bare.Add(part)));

        // Both go through the same keys in the same order, so that their sums are the same round by round.
        Sample Run(int side, Func<ReadOnlyMemory<long>, long> add)
        {
            if (keys.Length == 0)
            {
                var random = new Random(7);
                keys = [.. Enumerable.Range(0, Records * 4).Select(_ => next(random))];
            }

            round = sums[side].Count;
            _ = Sides.Value;
            long sum = 0;
            Sample sample = Sample.Of(
                Records, () => sum = add(keys.AsMemory(round % 4 * Records, Records)));
            sums[side].Add(sum);
            int other = Math.Min(sums[0].Count, sums[1].Count) - 1;
            return other < 0 || round >= Rounds || sums[0][other] == sums[1][other]
                ? sample
                : throw new InvalidOperationException(
                    $"Round {other} comes to {sums[0][other]} and to {sums[1][other]}.");
        }
    }
}

/// <summary>How much memory a process takes for state on the disk that is ten times as large as its budget.</summary>
/// <param name="Keys">Number of keys.</param>
/// <param name="Budget">What state on the disk may take.</param>
internal sealed record DiskMemoryBenchmark(int Keys, long Budget) : Benchmark("disk-state-memory")
{
    private const int Records = 500_000;

    /// <inheritdoc/>
    public override Verdict Run()
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        using (var warm = new KeptRows(1_000, Budget))
        {
            warm.Add(Enumerable.Range(0, 1_000).Select(key => (long)key).ToArray());
        }

        long before = Unmanaged();
        using var rows = new KeptRows(Keys, Budget);
        long filled = Unmanaged() - before;
        var random = new Random(3);
        long[] keys = [.. Enumerable.Range(0, Records).Select(_ => (long)random.Next(Keys))];
        long most = filled;
        for (int part = 0; part < 10; part++)
        {
            rows.Add(keys.AsMemory(part * (Records / 10), Records / 10));
            most = Math.Max(most, Unmanaged() - before);
        }

        return new Verdict(
            Name,
            most,
            Budget,
            $"bytes of resident memory at most; {filled} when all was written, {rows.CountedBytes} counted at the end",
            (double)most / Budget,
            0,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
            1,
            Valid: true,
            most <= Budget);
    }

    // Resident, without what the collector holds.
    private static long Unmanaged()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet - GC.GetGCMemoryInfo().TotalCommittedBytes;
    }
}

/// <summary>Numbers of which few are frequent, spread over their range.</summary>
/// <remarks>After Gray and others, "Quickly generating billion-record synthetic databases" (SIGMOD 1994).</remarks>
internal sealed class ZipfNumbers
{
    private readonly int _count;
    private readonly double _skew;
    private readonly double _zeta;
    private readonly double _eta;
    private readonly double _half;

    public ZipfNumbers(int count, double skew)
    {
        _count = count;
        _skew = skew;
        for (int i = 1; i <= count; i++)
        {
            _zeta += 1 / Math.Pow(i, skew);
        }

        _half = 1 + Math.Pow(0.5, skew);
        _eta = (1 - Math.Pow(2.0 / count, 1 - skew)) / (1 - (_half / _zeta));
    }

    public long Next(Random random)
    {
        double share = random.NextDouble();
        double sum = share * _zeta;
        long rank = sum < 1 ? 0
            : sum < _half ? 1
            : (long)(_count * Math.Pow((_eta * share) - _eta + 1, 1 / (1 - _skew)));
        return (long)(KeyHash.Mix((ulong)rank) % (ulong)_count);
    }
}

/// <summary>Rows in a rolling aggregate of ours.</summary>
internal sealed class KeptRows : IDisposable
{
    private const int BatchRecords = 1_024;

    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-bench").FullName;
    private readonly SystemExecution _execution = new(
        new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);
    private readonly DiskStateSpace _space;
    private readonly StreamOperator<long> _step;
    private readonly BatchPool<long> _pool = new(BatchRecords, BatchLayout.None, new BatchAccount());
    private readonly SumFold.Total _total = new();

    public KeptRows(int keys, long budget)
    {
        _space = new DiskStateSpace(
            _execution, new DiskStateOptions { Directory = _folder, MemoryBudget = budget });
        _step = new KeptFoldOperator<long, long, WideSum, long, SumFold>(
            new KeyedFoldTransformation<long, long, WideSum, long, SumFold>(
                "Sum", new ElementsTransformation<long>([]), key => key, new SumFold(_total)),
            new DiskStateBackend<long>(
                new KeyedStateSettings("Sum", new SerializerSet(), 128, new KeyGroupRange(0, 128), TimeProvider.System),
                _space),
            new DroppedOutput<long>(new BatchPool<long>(BatchRecords, BatchLayout.None, new BatchAccount())));
        _step.Open(name => new TestRuntimeContext { Operator = name });
        long[] all = [.. Enumerable.Range(0, keys).Select(key => (long)key)];
        new Random(1).Shuffle(all);
        Add(all);
    }

    /// <summary>Bytes that the backend says it takes.</summary>
    public long CountedBytes => _space.MemoryBytes;

    /// <summary>Freezes the state for a checkpoint.</summary>
    public FrozenOperator Freeze(in SnapshotOrder order) => _step.Freeze(in order);

    /// <summary>A checkpoint is complete.</summary>
    public void Completed(long checkpoint) => _step.CheckpointCompleted(checkpoint);

    /// <summary>Counts keys, and adds up the counts.</summary>
    public long Add(ReadOnlyMemory<long> keys)
    {
        _total.Sum = 0;
        for (int first = 0; first < keys.Length; first += BatchRecords)
        {
            RecordBatch<long> batch = _pool.Rent();
            ReadOnlySpan<long> part = keys.Span[first..Math.Min(first + BatchRecords, keys.Length)];
            part.CopyTo(batch.Values);
            batch.Count = part.Length;
            for (int at = 0; at < batch.Count; at = _step.Process(batch, at, batch.Count))
            {
                _step.EndRound();
            }

            batch.Release();
        }

        _step.EndRound();
        return _total.Sum;
    }

    public void Dispose()
    {
        _step.Dispose();
        _space.Dispose();
        _execution.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The same rows in a loop over the library.</summary>
internal sealed class BareRows
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-bench").FullName;
    private readonly BareDatabase _database;

    public BareRows(int keys, long budget)
    {
        _database = new BareDatabase(Path.Combine(_folder, "bare"), budget);
        long[] all = [.. Enumerable.Range(0, keys).Select(key => (long)key)];
        new Random(1).Shuffle(all);
        Add(all);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Brings the write buffer to the disk.</summary>
    public void Flush() => _database.Flush();

    /// <summary>The files that hold rows.</summary>
    public IEnumerable<FileInfo> Files() => new DirectoryInfo(Path.Combine(_folder, "bare")).GetFiles("*.sst");

    public long Add(ReadOnlyMemory<long> keys)
    {
        long sum = 0;
        WideSum value = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<WideSum>(ref value));
        foreach (long key in keys.Span)
        {
            long row = key;
            Span<byte> name = MemoryMarshal.AsBytes(new Span<long>(ref row));
            if (_database.Get(name, bytes))
            {
                value.Count++;
            }
            else
            {
                value = WideSum.Of(key);
            }

            _database.Put(name, bytes);
            sum += value.Count;
        }

        return sum;
    }
}

/// <summary>A count with a payload that does not get smaller when it is packed.</summary>
internal record struct WideSum(
    long Count, long A, long B, long C, long D, long E, long F, long G, long H, long I, long J, long K)
{
    public static WideSum Of(long key)
    {
        var random = new Random((int)key);
        long Next() => random.NextInt64();
        return new WideSum(
            1, Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next(), Next());
    }
}

/// <summary>Counts the records of a key.</summary>
internal readonly struct SumFold(SumFold.Total total) : IKeyedFold<long, long, WideSum, long>
{
    public string Description => "sum";

    public WideSum First(in long value) => WideSum.Of(value);

    public void Add(ref WideSum accumulator, in long value) => accumulator.Count++;

    public long Result(in long key, in WideSum accumulator)
    {
        total.Sum += accumulator.Count;
        return accumulator.Count;
    }

    internal sealed class Total
    {
        public long Sum { get; set; }
    }
}
