using System.Collections.Immutable;
using System.Globalization;
using Millrace.Checkpointing.Statistics;
using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.InProcess;
using Millrace.Measuring;
using Millrace.Programs;

namespace Millrace.States;

/// <summary>How long checkpoints take when a sink has stalled to a tenth of its speed, with two silos in the
/// process.</summary>
/// <remarks>The source keeps the speed that the sink had, so that everything between them fills up.</remarks>
internal sealed record StalledSinkBenchmark() : Benchmark("checkpoint-stalled-sink")
{
    private const int Parallelism = 2;
    private const double RecordsPerSecond = 100_000;
    private const double AsFastAsTheyCome = 1e12;
    private const double Bar = 1;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Filling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(40);

    // Of each writer; by all writers in this process.
    private static double Rate;

    /// <inheritdoc/>
    public override Verdict Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<Verdict> RunAsync()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        (double[] overtaking, int failed, long inFlight) = await MeasureAsync([]);
        (double[] aligned, _, _) = await MeasureAsync(["--aligned"]);
        bool isValid = overtaking.Length > 0 && inFlight > 0;
        double median = isValid ? Figures.Median(overtaking) : double.NaN;
        string others = aligned.Length == 0
            ? "none completes"
            : $"{aligned.Length} complete, median {Text(Figures.Median(aligned))}";
        return new Verdict(
            Name,
            median,
            Most.TotalSeconds,
            $"seconds a checkpoint takes at the median, and may; longest {Text(overtaking.DefaultIfEmpty().Max())}, " +
            $"{overtaking.Length} complete, {failed} do not; {inFlight / 1e6:0.0} MB in flight at the median; when " +
            $"barriers overtake nothing {others}",
            median / Most.TotalSeconds,
            isValid ? Figures.Spread(overtaking) : 0,
            (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            Bar,
            isValid,
            isValid ? failed == 0 && median < Most.TotalSeconds : null);
    }

    // Seconds of the checkpoints that begin once the ways are full, in the same time each.
    private static async Task<(double[] Seconds, int Failed, long InFlight)> MeasureAsync(string[] args)
    {
        Volatile.Write(ref Rate, AsFastAsTheyCome);
        MiniClusterOptions options = new() { Silos = 2, SlotsPerSilo = Parallelism / 2 };
        options.Settings.Add("Millrace:Jobs:CheckpointHistory", "1000");
        await using MiniCluster cluster = await MiniCluster.StartAsync(options);
        JobHandle job = await cluster.SubmitAsync<StalledJob>(args, Parallelism);
        await PassAsync(Warm);
        Volatile.Write(ref Rate, RecordsPerSecond / 10 / Parallelism);
        await PassAsync(Filling);
        DateTimeOffset from = TimeProvider.System.GetUtcNow();
        await PassAsync(Measured);
        ImmutableArray<CheckpointStatistics> all =
        [
            .. (await job.GetCheckpointsAsync()).Checkpoints.Where(one => one.BeganAt >= from),
        ];
        await job.CancelAsync();
        await job.WaitAsync();
        CheckpointStatistics[] completed =
        [
            .. all.Where(static one => one.Status == CheckpointStatus.Completed),
        ];
        return (
            [.. completed.Select(static one => one.Duration.TotalSeconds)],
            all.Count(static one => one.Status == CheckpointStatus.Failed),
            completed.Length == 0
                ? 0
                : (long)Figures.Median(completed.Select(static one => (double)one.InFlightBytes)));
    }

    private static async Task PassAsync(TimeSpan time)
    {
        using var window = new PeriodicTimer(time);
        await window.WaitForNextTickAsync();
    }

    private static string Text(double seconds) => seconds.ToString("0.00 s", CultureInfo.InvariantCulture);

    /// <summary>A source, an exchange, a sink.</summary>
    internal sealed class StalledJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetRuntimeMode(RuntimeMode.Streaming)
                .EnableCheckpointing(TimeSpan.FromSeconds(1), settings => args.Has("aligned")
                    ? settings with { AlignedTimeout = Timeout.InfiniteTimeSpan }
                    : settings)
                .FromSource(DataGenerator.Source(i => i, recordsPerSecond: RecordsPerSecond))
                .Rebalance()
                .SinkTo(new SlowSink());
    }

    private sealed class SlowSink : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context) => new Writer(context);

        private sealed class Writer(SinkWriterContext context) : ISinkWriter<long>
        {
            private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

            private long _last = TimeProvider.System.GetTimestamp();
            private double _budget;

            // What may be taken by now; what is not taken is not saved up.
            public int Write(ReadOnlySpan<long> records)
            {
                long now = TimeProvider.System.GetTimestamp();
                double rate = Volatile.Read(ref Rate);
                _budget = Math.Min(
                    _budget + (TimeProvider.System.GetElapsedTime(_last, now).TotalSeconds * rate),
                    rate * 2 * Wait.TotalSeconds);
                _last = now;
                int taken = (int)Math.Min(records.Length, _budget);
                _budget -= taken;
                if (taken < records.Length)
                {
                    context.WakeAfter(Wait);
                }

                return taken;
            }

            public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult(SinkWriterSnapshot.Empty);

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
