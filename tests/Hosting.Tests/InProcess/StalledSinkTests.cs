using System.Collections.Concurrent;
using Millrace.Checkpointing.Statistics;
using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.InProcess;

/// <summary>Real silos, and a sink that takes nothing for a while.</summary>
[TestClass]
public sealed class StalledSinkTests
{
    private const int Records = 2_000_000;
    private const int StallsAfter = 10_000;

    private static readonly ConcurrentDictionary<string, Stall> Stalls = new();

    // Nothing is read by the sink from the first of these checkpoints on, so the job that goes on from one of them has
    // nothing to repeat; and what was on its way is in them alone.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task Checkpoints_complete_while_a_sink_takes_nothing_and_a_job_goes_on_from_them(int silos)
    {
        MiniClusterOptions options = new() { Silos = silos, SlotsPerSilo = 2 / silos };
        await using MiniCluster cluster = await MiniCluster.StartAsync(options);
        await Eventually.HasSlotsAsync(cluster, 2);
        string name = $"{silos} silos";
        Stall stall = Stalls.GetOrAdd(name, _ => new Stall());

        JobHandle job = await cluster.SubmitAsync<CountedNumbers>(["--stall", name], parallelism: 2);
        await Eventually.HoldsAsync(() => stall.IsHeld);
        CheckpointHistory before = await job.GetCheckpointsAsync();
        long last = before.Checkpoints.Select(static one => one.Number).DefaultIfEmpty().Max();
        int taken = stall.Taken;
        CheckpointStatistics[] all = [];
        CheckpointStatistics[] completed = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                all = [.. (await job.GetCheckpointsAsync()).Checkpoints];
                completed =
                [
                    .. all.Where(one => one.Number > last && one.Status == CheckpointStatus.Completed),
                ];
                return completed.Length >= 3;
            },
            () => string.Join("; ", all.Select(Describe)));

        Assert.AreEqual(taken, stall.Taken, "records that the sink took while it was held");
        foreach (CheckpointStatistics one in completed)
        {
            Assert.IsGreaterThan(0, one.InFlightBytes, $"checkpoint {one.Number}");
            Assert.IsLessThanOrEqualTo(one.Bytes, one.InFlightBytes, $"checkpoint {one.Number}");
            Assert.IsGreaterThan(
                TimeSpan.Zero, one.Vertices.Max(static vertex => vertex.Longest.Alignment), $"checkpoint {one.Number}");
        }

        stall.Fail();
        await Eventually.HoldsAsync(async () =>
            await job.GetDetailsAsync() is { Restarts: 1, Status: JobStatus.Running });
        stall.Release();
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        Assert.AreEqual(Records, stall.Taken, "records taken");
        Assert.IsTrue(stall.HasAllOnce, "each number once");
    }

    private static string Describe(CheckpointStatistics one) =>
        $"{one.Number} {one.Status} after {one.Duration} {one.Reason} {one.Failure}: " +
        string.Join(", ", one.Vertices.Select(static vertex => $"{vertex.Told} of {vertex.Parallelism} {vertex.Name}"));

    internal sealed class CountedNumbers : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetRuntimeMode(RuntimeMode.Streaming)
                .EnableCheckpointing(
                    TimeSpan.FromMilliseconds(100),
                    settings => settings with { AlignedTimeout = TimeSpan.FromMilliseconds(50) })
                .SetRestartStrategy(RestartSettings.FixedDelay(1, TimeSpan.FromMilliseconds(10)))
                .FromSource(DataGenerator.Source(i => i, Records))
                .Rebalance()
                .SinkTo(new StallingSink(Stalls[args["stall"]]));
    }

    /// <summary>What a sink has taken, and whether it takes more. Thread-safe.</summary>
    private sealed class Stall
    {
        private readonly Lock _gate = new();
        private readonly int[] _times = new int[Records];
        private readonly List<Action> _wakes = [];
        private bool _isReleased;
        private bool _fails;
        private int _taken;

        public int Taken => Volatile.Read(ref _taken);

        public bool IsHeld
        {
            get
            {
                lock (_gate)
                {
                    return _taken >= StallsAfter && !_isReleased;
                }
            }
        }

        public bool HasAllOnce => Array.TrueForAll(_times, static times => times == 1);

        public void Add(Action wake)
        {
            lock (_gate)
            {
                _wakes.Add(wake);
            }
        }

        public int Take(ReadOnlySpan<long> records)
        {
            lock (_gate)
            {
                if (_fails)
                {
                    _fails = false;
                    throw new IOException("this was to be expected");
                }

                if (_taken >= StallsAfter && !_isReleased)
                {
                    return 0;
                }

                foreach (long record in records)
                {
                    _times[record]++;
                }

                Volatile.Write(ref _taken, _taken + records.Length);
                return records.Length;
            }
        }

        /// <summary>The next writer that is asked throws.</summary>
        public void Fail() => Change(() => _fails = true);

        public void Release() => Change(() => _isReleased = true);

        private void Change(Action change)
        {
            lock (_gate)
            {
                change();
                _wakes.ForEach(static wake => wake());
            }
        }
    }

    private sealed class StallingSink(Stall stall) : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context)
        {
            stall.Add(context.Wake);
            return new Writer(stall);
        }

        private sealed class Writer(Stall stall) : ISinkWriter<long>
        {
            public int Write(ReadOnlySpan<long> records) => stall.Take(records);

            public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult(SinkWriterSnapshot.Empty);

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
