using Millrace.Async;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Running;
using Millrace.Simulation;
using Millrace.Windowing.Assigners;

namespace Millrace.Checkpointing;

/// <summary>Jobs whose sinks are slow, whose barriers overtake what waits for them, and which fail again and again:
/// what they commit is what they commit without failures.</summary>
[TestClass]
public sealed class OvertakingSimulationTests
{
    private const int Records = 600;
    private const int Keys = 7;
    private const int WindowMilliseconds = 50;

    private static readonly IReadOnlyList<int> Seeds = ChaosSeeds.Of(count: 20);

    // With one record a millisecond at the sink, what waits in front of it takes longer than a checkpoint may.
    [TestMethod]
    public void A_stalled_sink_holds_no_checkpoint_up()
    {
        int completed = 0;
        int completedAligned = 0;
        foreach (int silos in new[] { 1, 2, 3 })
        {
            (SimulatedCluster aligned, _) = Run(3, silos, Timeout.InfiniteTimeSpan, new Faults(0, 1), isSlow: true);
            (SimulatedCluster overtaking, Ledger ledger) = Run(3, silos, TimeSpan.Zero, new Faults(0, 1), isSlow: true);

            Assert.IsGreaterThan(10, ledger.Commits, $"{silos} silos");
            completed += overtaking.Completed;
            completedAligned += aligned.Completed;
        }

        Assert.IsGreaterThan(2 * completedAligned, completed);
    }

    // Between two records nothing else wakes the sink's loops, and timers of a system go by a coarser clock.
    [TestMethod]
    public void A_loop_is_woken_when_patience_ends_also_by_delays_that_end_early()
    {
        foreach (int seed in Enumerable.Range(0, 4))
        {
            Assert.IsGreaterThan(40, RunSlowly(seed, TimeSpan.Zero), $"seed {seed}: checkpoints");
            Assert.IsGreaterThan(40, RunSlowly(seed, TimeSpan.FromMilliseconds(4)), $"seed {seed}: checkpoints");
        }
    }

    private static int RunSlowly(int seed, TimeSpan delaysEndEarly)
    {
        const int Slow = 60;
        Ledger ledger = new() { Pace = TimeSpan.FromMilliseconds(200) };
        var cluster = new SimulatedCluster(
            new SimulatedExecution(seed) { DelaysEndEarly = delaysEndEarly },
            silos: 1,
            parallelism: 2,
            env =>
            {
                Settings(env, seed, settings => settings with { AlignedTimeout = TimeSpan.FromMilliseconds(5) });
                env.FromSource(DataGenerator.Source(i => $"{i}", Slow, recordsPerSecond: 20))
                    .Rebalance()
                    .SinkTo(ledger.Sink());
            });
        cluster.Run();
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        Assert.HasCount(Slow, ledger.Rows);
        return cluster.Completed;
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void Functions_that_throw_lose_and_double_nothing()
    {
        int resumed = 0;
        long inFlight = 0;
        foreach (int seed in Seeds)
        {
            var faults = new Faults(count: 3, every: 150 + (seed * 37 % 400));
            (SimulatedCluster cluster, _) = Run(
                seed, 1 + (seed % 3), TimeSpan.FromMilliseconds(seed % 3 * 5), faults, isSlow: seed % 4 > 0);
            resumed += cluster.Completed > 0 && cluster.Details.Restarts > 0 ? 1 : 0;
            inFlight += cluster.InFlightBytes;
        }

        Assert.IsGreaterThan(Seeds.Count / 2, resumed, "jobs that went on from a checkpoint");
        Assert.IsGreaterThan(1_000 * Seeds.Count, inFlight, "bytes of records in flight");
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void Lost_silos_and_storage_that_fails_lose_and_double_nothing()
    {
        foreach (int seed in Seeds)
        {
            Run(
                seed,
                silos: 3,
                TimeSpan.FromMilliseconds(seed % 2 * 3),
                new Faults(count: 1, every: 200 + (seed * 53 % 300)),
                isSlow: seed % 3 > 0,
                new SimulatedShape { CheckpointFailures = 20 },
                cluster => (() => cluster.Completed > seed % 4, () => cluster.Lose(cluster.Silos[seed % 3])));
        }
    }

    // By key, dealt out, behind a chain's operators and unsent: whatever was in flight goes to one of the subtasks.
    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void A_job_goes_on_from_records_in_flight_with_more_or_fewer_subtasks()
    {
        int resumed = 0;
        long inFlight = 0;
        foreach (int seed in Seeds)
        {
            Ledger ledger = new() { Pace = TimeSpan.FromMilliseconds(1) };
            TimeSpan patience = TimeSpan.FromMilliseconds(seed % 2 * 3);
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed), silos: 1 + (seed % 3), parallelism: 1 + (seed % 4), Program);
            cluster.Run((() => cluster.Completed > seed % 2, cluster.Cancel));
            if (cluster.Status == JobStatus.Finished)
            {
                continue;
            }

            Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}: {cluster.Failure}");
            resumed++;
            RetainedCheckpoint kept = cluster.Recorded[0];
            inFlight += cluster.FindCheckpoint(kept.Number)!.InFlightBytes;

            int parallelism = 1 + ((seed + 1 + (seed % 3)) % 4);
            SimulatedCluster next = cluster.GoOn(
                new RestoreSettings(cluster.FolderOf(kept.Reference)), parallelism, Program, silos: 1 + (seed % 2));
            next.Run();

            Assert.AreEqual(JobStatus.Finished, next.Status, $"seed {seed}: {next.Failure}");
            CollectionAssert.AreEquivalent(Expected().ToArray(), ledger.Rows.ToArray(), $"seed {seed}");

            void Program(StreamExecutionEnvironment env) => Define(env, seed, patience, new Faults(0, 1), ledger);
        }

        Assert.IsGreaterThan(Seeds.Count * 3 / 4, resumed, "jobs that were canceled before their end");
        Assert.IsGreaterThan(500 * resumed, inFlight, "bytes of records in flight");
    }

    [TestMethod]
    public void Without_holding_channels_back_no_record_is_lost()
    {
        foreach (int seed in Seeds)
        {
            Ledger ledger = new();
            SimulatedCluster cluster = SimulatedJob.Finish(seed, 1 + (seed % 3), 1 + (seed % 4), env =>
            {
                Settings(env, seed, settings => settings with { Mode = CheckpointMode.AtLeastOnce });
                env.FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 2_000))
                    .Map(new Faults(1, 200 + (seed * 31 % 200)).Pass)
                    .KeyBy(x => x % Keys)
                    .Process(new Once())
                    .SinkTo(ledger.Sink());
            });
            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            CollectionAssert.IsSubsetOf(
                Enumerable.Range(0, Records).Select(x => $"{x}").ToArray(), ledger.Rows.ToArray(), $"seed {seed}");
        }
    }

    private static (SimulatedCluster Cluster, Ledger Ledger) Run(
        int seed,
        int silos,
        TimeSpan alignedTimeout,
        Faults faults,
        bool isSlow,
        SimulatedShape? shape = null,
        Func<SimulatedCluster, (Func<bool> Condition, Action Then)>? until = null)
    {
        Ledger ledger = new() { Pace = isSlow ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero };
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed, silos, 1 + (seed % 4), env => Define(env, seed, alignedTimeout, faults, ledger), until, shape: shape);
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        CollectionAssert.AreEquivalent(Expected().ToArray(), ledger.Rows.ToArray(), $"seed {seed}");
        return (cluster, ledger);
    }

    private static StreamExecutionEnvironment Settings(
        StreamExecutionEnvironment env, int seed, Func<CheckpointSettings, CheckpointSettings> configure) => env
        .SetRuntimeMode(RuntimeMode.Streaming)
        .SetBatchSize(1 + (seed % 7))
        .EnableCheckpointing(
            TimeSpan.FromMilliseconds(20), settings => configure(settings) with { ToleratedFailures = 1_000 })
        .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)));

    // Unions, expansions within chains, keyed state, windows, answers that are awaited, broadcast, and a sink behind an
    // exchange that takes one record at a time.
    private static void Define(
        StreamExecutionEnvironment env, int seed, TimeSpan alignedTimeout, Faults faults, Ledger ledger)
    {
        Settings(
            env, seed, settings => settings with { AlignedTimeout = alignedTimeout, RetainOnCancellation = true });
        DataStream<long> generated = env
            .FromSource(
                DataGenerator.Source(i => i, Records / 2, recordsPerSecond: 2_000),
                WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(Records))
                    .WithTimestampAssigner(x => x))
            .Map(faults.Pass).Name("Faulty source");
        DataStream<long> given = env
            .FromCollection(Enumerable.Range(Records / 2, Records / 2).Select(i => (long)i))
            .AssignTimestampsAndWatermarks(
                WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(Records))
                    .WithTimestampAssigner(x => x))
            .Rebalance().Map(faults.Pass).Name("Faulty elements");
        DataStream<long> all = generated.Union(given);
        DataStream<string> numbered = all
            .KeyBy(x => x % Keys)
            .Process(new NumberedRecords())
            .FlatMap(row => (IEnumerable<string>)[row, $"{row}!"])
            .Map(faults.Pass).Name("Faulty rows");
        DataStream<string> windows = all
            .KeyBy(x => x % Keys)
            .Window(TumblingEventTimeWindows.Of(TimeSpan.FromMilliseconds(WindowMilliseconds)))
            .Apply((key, window, values) => (string[])[$"{key} from {window.Start}: {values.Sum()}"]);
        DataStream<string> answers = all
            .Rebalance()
            .UnorderedWait(new Asking(seed), TimeSpan.FromMinutes(1), capacity: 5);
        numbered.Union(windows, answers).Rebalance().SinkTo(ledger.Sink());
    }

    private static IEnumerable<string> Expected()
    {
        IEnumerable<string> numbered =
            from row in NumberedRecords.Rows(Records, Keys)
            from end in new[] { "", "!" }
            select row + end;
        IEnumerable<string> windows = Enumerable.Range(0, Records)
            .GroupBy(x => (Key: x % Keys, Window: x / WindowMilliseconds))
            .Select(group => $"{group.Key.Key} from {group.Key.Window * WindowMilliseconds}: {group.Sum()}");
        return numbered.Concat(windows).Concat(Enumerable.Range(0, Records).Select(x => $"answer {x}"));
    }

    /// <summary>Passes each record on.</summary>
    private sealed class Once : KeyedProcessFunction<long, long, string>
    {
        public override void ProcessElement(long value, Context context, ICollector<string> output) =>
            output.Emit($"{value}");
    }
}
