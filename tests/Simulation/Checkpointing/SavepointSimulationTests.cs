using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Running;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Jobs that are stopped with a savepoint, whatever happens meanwhile, and go on from it with other numbers of
/// subtasks: what they commit is what one undisturbed run commits.</summary>
[TestClass]
public sealed class SavepointSimulationTests
{
    private const int Records = 900;
    private const int Keys = 11;

    private static readonly IReadOnlyList<int> Seeds = ChaosSeeds.Of(count: 20);

    // No row is processed twice, and none behind the cut.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_job_stops_with_a_savepoint_and_another_one_goes_on_with_more_or_fewer_subtasks(bool hasCheckpoints)
    {
        foreach (int seed in Enumerable.Range(0, 10))
        {
            Run run = new(seed, hasCheckpoints, new Faults(0, 1));
            SimulatedCluster cluster = run.Begin(parallelism: 1 + (seed % 2), silos: 2);
            int[] parallelisms = [3, 2, 4];
            for (int i = 0; i < parallelisms.Length; i++)
            {
                int target = Records * (i + 1) / 4;
                string path = run.Stop(cluster, () => run.Passed >= target, SavepointKind.Suspend)!;
                cluster = cluster.GoOn(
                    new RestoreSettings(path), parallelisms[i], run.Define, silos: 1 + (parallelisms[i] % 3));
            }

            cluster.Run();

            run.RequireRows(cluster);
            Assert.AreEqual(Records, run.Passed, $"seed {seed}: records processed");
        }
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void Functions_that_throw_and_storage_that_fails_lose_and_double_nothing()
    {
        int stopped = 0;
        foreach (int seed in Seeds)
        {
            Run run = new(seed, hasCheckpoints: true, new Faults(count: 4, every: 100 + (seed * 37 % 300)));
            SimulatedCluster cluster = run.Begin(1 + (seed % 3), silos: 2, failures: 25);
            foreach (int parallelism in new[] { 3, 1, 2 })
            {
                int target = run.Passed + 150;
                if (run.Stop(cluster, () => run.Passed >= target, SavepointKind.Suspend) is not { } path)
                {
                    break;
                }

                stopped++;
                cluster = cluster.GoOn(new RestoreSettings(path), parallelism, run.Define, silos: 2);
            }

            cluster.Run();
            run.RequireRows(cluster);
        }

        Assert.IsGreaterThan(Seeds.Count, stopped, "jobs that stopped with a savepoint");
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void A_lost_silo_or_a_lost_job_grain_leaves_a_savepoint_or_a_job_that_goes_on()
    {
        int stopped = 0;
        int takenOver = 0;
        foreach (int seed in Seeds)
        {
            Run run = new(seed, hasCheckpoints: true, new Faults(0, 1));
            SimulatedCluster cluster = run.Begin(1 + (seed % 3), silos: 3);
            cluster.RunUntil(() => cluster.Completed > 1 && run.Passed > Records / 4);
            SavepointId id = cluster.Ask(SavepointKind.Suspend);
            int events = 0;
            int at = 1 + (seed * 37 % 400);
            cluster.RunUntil(() => ++events >= at);
            if (seed % 2 == 0)
            {
                cluster.Lose(cluster.Silos[seed % 3]);
            }
            else if (!cluster.Status.IsTerminal())
            {
                cluster = cluster.TakeOver();
                takenOver++;
            }

            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.AreNotEqual(SavepointState.InProgress, cluster.ProgressOf(id)?.State, $"seed {seed}");
            if (cluster.Details.Savepoint is { } path)
            {
                stopped++;
                cluster = cluster.GoOn(new RestoreSettings(path), 2, run.Define, silos: 2);
                cluster.Run();
            }

            run.RequireRows(cluster);
        }

        Assert.IsGreaterThan(0, stopped, "jobs that stopped all the same");
        Assert.IsGreaterThan(Seeds.Count / 4, takenOver, "jobs with another job grain");
    }

    // What is in a savepoint is visible when it is complete: a job that is canceled then leaves nothing behind.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_savepoint_lets_the_job_go_on_and_another_one_begin_from_it(bool hasCheckpoints)
    {
        foreach (int seed in Enumerable.Range(0, 6))
        {
            Run run = new(seed, hasCheckpoints, new Faults(0, 1)) { RecordsPerSecond = 300 };
            SimulatedCluster cluster = run.Begin(parallelism: 2, silos: 2);
            cluster.RunUntil(() => run.Passed > Records / 10);
            SavepointId first = cluster.Ask(SavepointKind.Continue);
            SavepointId second = cluster.Ask(SavepointKind.Continue);
            cluster.Ask(first, SavepointKind.Continue);
            cluster.RunUntil(() => cluster.ProgressOf(second)?.State == SavepointState.Completed);
            SavepointProgress taken = cluster.ProgressOf(first)!;
            Assert.AreEqual(SavepointState.Completed, taken.State, $"seed {seed}: {taken.Failure}");
            Assert.AreNotEqual(taken.Path, cluster.ProgressOf(second)!.Path, $"seed {seed}");
            Assert.AreEqual(JobStatus.Running, cluster.Status, $"seed {seed}: {cluster.Status}");
            cluster.Cancel();
            cluster.Run();
            Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}");
            int rows = run.Ledger.Rows.Count;

            SimulatedCluster next = cluster.GoOn(new RestoreSettings(taken.Path!), 3, run.Define, silos: 2);
            next.Run();

            Assert.AreEqual(JobStatus.Finished, next.Status, $"seed {seed}: {next.Failure}");
            CollectionAssert.AreEquivalent(
                NumberedRecords.Rows(Records, Keys), run.Ledger.Rows.Distinct().ToArray(), $"seed {seed}");
            Assert.IsGreaterThan(0, rows, $"seed {seed}: rows visible before");
        }
    }

    [TestMethod]
    public void A_job_that_cannot_store_its_savepoint_goes_on_and_says_why()
    {
        foreach (int seed in Enumerable.Range(0, 5))
        {
            Run run = new(seed, hasCheckpoints: false, new Faults(0, 1));
            SimulatedCluster cluster = run.Begin(parallelism: 3, silos: 2);
            cluster.RunUntil(() => run.Passed > Records / 3);
            cluster.Checkpoints.FailsAlways = true;
            SavepointId id = cluster.Ask(SavepointKind.Suspend);
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.AreEqual(SavepointState.Failed, cluster.ProgressOf(id)!.State, $"seed {seed}");
            Assert.Contains("could not be written", cluster.ProgressOf(id)!.Failure!.Message);
            Assert.AreEqual(0, cluster.Details.Restarts, $"seed {seed}");
            run.RequireRows(cluster);
            Assert.IsEmpty(
                cluster.Checkpoints.Files.Where(static file =>
                    file.StartsWith(SimulatedCluster.SavepointDirectory, StringComparison.Ordinal)),
                $"seed {seed}: files of a savepoint that was given up");
        }
    }

    [TestMethod]
    public void A_savepoint_that_takes_too_long_is_given_up_and_the_job_goes_on()
    {
        Run run = new(seed: 3, hasCheckpoints: true, new Faults(0, 1));
        SimulatedCluster cluster = run.Begin(parallelism: 2, silos: 2);
        cluster.RunUntil(() => run.Passed > Records / 3);
        SavepointId id = cluster.Ask(SavepointKind.Suspend, TimeSpan.FromMilliseconds(1));
        cluster.Run();

        Assert.AreEqual(SavepointState.Failed, cluster.ProgressOf(id)!.State);
        Assert.Contains("SavepointTimeout", cluster.ProgressOf(id)!.Failure!.Message);
        run.RequireRows(cluster);
    }

    [TestMethod]
    public void A_savepoint_of_a_job_that_ends_or_is_canceled_is_answered()
    {
        Run run = new(seed: 5, hasCheckpoints: true, new Faults(0, 1));
        SimulatedCluster cluster = run.Begin(parallelism: 2, silos: 2);
        cluster.RunUntil(() => run.Passed > Records / 3);
        SavepointId id = cluster.Ask(SavepointKind.Continue);
        cluster.Cancel();
        cluster.Run();

        Assert.AreEqual(SavepointState.Failed, cluster.ProgressOf(id)!.State);
        Assert.Contains("Cancel", cluster.ProgressOf(id)!.Failure!.Message);
        SavepointId late = cluster.Ask(SavepointKind.Continue);
        Assert.AreEqual(SavepointState.Failed, cluster.ProgressOf(late)!.State);
    }

    [TestMethod]
    public void State_of_an_operator_that_is_gone_is_refused_by_name_or_left_behind()
    {
        Run run = new(seed: 7, hasCheckpoints: true, new Faults(0, 1));
        SimulatedCluster cluster = run.Begin(parallelism: 2, silos: 2);
        string path = run.Stop(cluster, () => run.Passed > Records / 3, SavepointKind.Suspend)!;
        RestoreSettings restore = new(path);

        IncompatibleSavepointException refused = Assert.ThrowsExactly<IncompatibleSavepointException>(
            () => cluster.GoOn(restore, 2, env => run.Define(env, uid: "counts anew"), silos: 1));
        Assert.Contains("uid counts", refused.Message);
        Assert.Contains("--allow-non-restored-state", refused.Message);

        IncompatibleSavepointException groups = Assert.ThrowsExactly<IncompatibleSavepointException>(
            () => cluster.GoOn(restore, 2, env => run.Define(env.SetMaxParallelism(64)), silos: 1));
        Assert.Contains("SetMaxParallelism(128)", groups.Message);

        SimulatedCluster next = cluster.GoOn(
            restore with { AllowNonRestoredState = true }, 2, env => run.Define(env, uid: "counts anew"), silos: 1);
        next.Run();
        Assert.AreEqual(JobStatus.Finished, next.Status, $"{next.Failure}");
        Assert.IsLessThan(Records, run.Ledger.Rows.Distinct().Count(), "counts that began anew");
    }

    /// <summary>A job in several parts, and what becomes of its rows.</summary>
    private sealed class Run(int seed, bool hasCheckpoints, Faults faults)
    {
        public Ledger Ledger { get; } = new();

        /// <summary>Of each of its two sources.</summary>
        public int RecordsPerSecond { get; init; } = 1_000;

        /// <summary>Records that were processed, those processed again included.</summary>
        public int Passed { get; private set; }

        public SimulatedCluster Begin(int parallelism, int silos, int failures = 0) => new(
            new SimulatedExecution(seed),
            silos,
            parallelism,
            Define,
            new SimulatedShape { CheckpointFailures = failures });

        public void Define(StreamExecutionEnvironment env) => Define(env, "counts");

        public void Define(StreamExecutionEnvironment env, string uid)
        {
            env.SetRuntimeMode(RuntimeMode.Streaming).SetBatchSize(1 + (seed % 7));
            if (hasCheckpoints)
            {
                env.EnableCheckpointing(
                        TimeSpan.FromMilliseconds(20), settings => settings with { ToleratedFailures = 100 })
                    .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)));
            }

            DataStream<long> generated = env
                .FromSource(DataGenerator.Source(i => i, Records / 2, recordsPerSecond: RecordsPerSecond))
                .Map(faults.Pass).Name("Faulty source");
            DataStream<long> given = env
                .FromSource(DataGenerator.Source(
                    i => i + (Records / 2), Records / 2, recordsPerSecond: RecordsPerSecond))
                .Rebalance();
            generated.Union(given)
                .Map(Pass)
                .KeyBy(x => x % Keys)
                .Process(new NumberedRecords()).WithUid(uid)
                .Map(faults.Pass).Name("Faulty rows")
                .SinkTo(Ledger.Sink());
        }

        /// <summary>Stops the job when something holds; tries again as long as it goes on.</summary>
        /// <returns>The savepoint; null when the job has finished before.</returns>
        public string? Stop(SimulatedCluster cluster, Func<bool> when, SavepointKind kind)
        {
            cluster.RunUntil(when);
            while (!cluster.Status.IsTerminal())
            {
                SavepointId id = cluster.Ask(kind);
                cluster.RunUntil(() => cluster.ProgressOf(id)!.State != SavepointState.InProgress);
                if (cluster.ProgressOf(id)!.State == SavepointState.Completed)
                {
                    break;
                }
            }

            string? path = cluster.Details.Savepoint;
            if (path is not null)
            {
                cluster.Run();
                Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            }

            return path;
        }

        public void RequireRows(SimulatedCluster cluster)
        {
            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            CollectionAssert.AreEquivalent(NumberedRecords.Rows(Records, Keys), Ledger.Rows.ToArray(), $"seed {seed}");
        }

        private long Pass(long value)
        {
            Passed++;
            return value;
        }
    }
}
