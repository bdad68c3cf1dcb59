using Millrace.Checkpointing.Statistics;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Running;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Jobs of several regions, some of which fail: only these run again, and what is committed is what is
/// committed without failures.</summary>
[TestClass]
public sealed class RegionSimulationTests
{
    private const int Records = 400;
    private const int Keys = 7;

    private static readonly IReadOnlyList<int> Seeds = ChaosSeeds.Of(count: 20);

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void Of_two_pipelines_that_share_nothing_the_one_that_failed_runs_again()
    {
        int givenUp = 0;
        int resumed = 0;
        foreach (int seed in Seeds)
        {
            Ledger ledger = new();
            var faults = new Faults(count: 3, every: 40 + (seed * 37 % 100));
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed, 1 + (seed % 3), 1 + (seed % 3), env => TwoPipelines(env, seed, faults, ledger));

            RequireRows(seed, cluster, ledger);
            // Two faults at a time are one restart.
            int restarts = cluster.Details.Restarts;
            Assert.IsTrue(restarts is >= 1 and <= 3, $"seed {seed}: {restarts} restarts");
            Assert.HasCount(restarts, cluster.RestartNotes, $"seed {seed}");
            foreach (VertexDetails vertex in cluster.Details.Vertices)
            {
                bool isFaulty = vertex.Name.Contains("faulty", StringComparison.Ordinal);
                Assert.IsTrue(
                    vertex.Subtasks.All(one => one.Attempt == (isFaulty ? restarts : 0)),
                    $"seed {seed}: {vertex.Name} {string.Join(", ", vertex.Subtasks.Select(one => one.Attempt))}");
            }

            Assert.IsTrue(cluster.Details.History.All(entry => entry.Status != JobStatus.Restarting), $"seed {seed}");
            givenUp += cluster.History.Checkpoints.Count(
                one => one.Reason == CheckpointFailureReason.SubtasksRestarted);
            resumed += cluster.Completed > 0 ? 1 : 0;
        }

        Assert.IsGreaterThan(0, givenUp, "checkpoints given up for a restart");
        Assert.IsGreaterThan(Seeds.Count / 2, resumed, "jobs with checkpoints");
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void Of_parallel_chains_the_one_that_failed_runs_again()
    {
        int stayed = 0;
        foreach (int seed in Seeds)
        {
            Ledger ledger = new();
            int parallelism = 2 + (seed % 3);
            var faults = new Faults(count: 2, every: 60 + (seed * 37 % 150));
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed, 1 + (seed % 3), parallelism, env => Chains(env, seed, faults, ledger));

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            CollectionAssert.AreEquivalent(
                Enumerable.Range(0, Records).Select(i => $"{i}").ToArray(), ledger.Rows.ToArray(), $"seed {seed}");
            Assert.IsTrue(cluster.Details.Restarts is 1 or 2, $"seed {seed}");
            Assert.HasCount(3, cluster.Details.Vertices, "vertices");
            for (int subtask = 0; subtask < parallelism; subtask++)
            {
                int[] attempts = [.. cluster.Details.Vertices.Select(vertex => vertex.Subtasks[subtask].Attempt)];
                Assert.HasCount(1, attempts.Distinct(), $"seed {seed}: chain {subtask}");
                stayed += attempts[0] == 0 ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(Seeds.Count / 2, stayed, "chains that went on");
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void Lost_silos_and_storage_that_fails_lose_and_double_nothing_in_any_region()
    {
        foreach (int seed in Seeds)
        {
            Ledger ledger = new();
            var faults = new Faults(count: 2, every: 40 + (seed * 53 % 100));
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed,
                silos: 3,
                parallelism: 1 + (seed % 4),
                env => TwoPipelines(env, seed, faults, ledger),
                cluster => (() => cluster.Completed > seed % 4, () => cluster.Lose(cluster.Silos[seed % 3])),
                shape: new SimulatedShape { CheckpointFailures = 20, DeclinedParts = 40 });

            RequireRows(seed, cluster, ledger);
        }
    }

    // Each region hears of it by itself, and by the name of the silo at last.
    [TestMethod]
    public void A_lost_silo_counts_as_one_failure_however_many_regions_it_ran()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Ledger ledger = new();
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed,
                silos: 3,
                parallelism: 3,
                env => TwoPipelines(env, seed, new Faults(0, 1), ledger)
                    .SetRestartStrategy(RestartSettings.FixedDelay(1, TimeSpan.FromMilliseconds(5))),
                cluster => (() => cluster.Completed > 1, () => cluster.Lose(cluster.Silos[seed % 3])));

            RequireRows(seed, cluster, ledger);
        }
    }

    [TestMethod]
    [DataRow(FailoverStrategy.Full)]
    [DataRow(FailoverStrategy.Region)]
    public void All_of_a_job_runs_again_when_its_options_say_so_or_its_own_side_has_failed(FailoverStrategy failover)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            Ledger ledger = new();
            bool isOption = failover == FailoverStrategy.Full;
            var faults = new Faults(count: isOption ? 1 : 0, every: 150);
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed,
                silos: 2,
                parallelism: 2,
                env => TwoPipelines(env, seed, faults, ledger),
                cluster => (() => cluster.Completed > 1, isOption ? () => { } : () => cluster.FailNow("lost its mind")),
                shape: new SimulatedShape { Failover = failover });

            RequireRows(seed, cluster, ledger);
            Assert.IsEmpty(cluster.RestartNotes, $"seed {seed}");
            Assert.IsTrue(
                cluster.Details.Vertices.All(vertex => vertex.Subtasks.All(one => one.Attempt == 1)), $"seed {seed}");
        }
    }

    // When it is drained all of it begins anew: time has come to its end everywhere.
    [TestMethod]
    [DataRow(SavepointKind.Suspend)]
    [DataRow(SavepointKind.Drain)]
    [DataRow(SavepointKind.Continue)]
    public void A_savepoint_is_given_up_when_a_region_fails_and_all_go_on(SavepointKind kind)
    {
        int givenUp = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Ledger ledger = new();
            bool isDue = false;
            int steps = seed * 12;
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed), 2, 2, env => TwoPipelines(env, seed, Fail, ledger));
            cluster.RunUntil(() => cluster.Completed > 1);
            SavepointId asked = cluster.Ask(kind);
            cluster.RunUntil(() => steps-- <= 0);
            isDue = true;
            cluster.Run();

            SavepointProgress progress = cluster.ProgressOf(asked)!;
            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            if (progress.State == SavepointState.Failed)
            {
                RequireRows(seed, cluster, ledger);
                givenUp++;
            }

            long Fail(long value)
            {
                bool fails = isDue;
                isDue = false;
                return fails ? throw new InvalidOperationException("this was to be expected") : value;
            }
        }

        Assert.IsGreaterThan(0, givenUp, "savepoints given up");
    }

    [TestMethod]
    public void Whoever_takes_over_counts_on_from_the_attempts_of_regions()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Ledger ledger = new();
            var faults = new Faults(count: 2, every: 90);
            SimulatedCluster first = new(
                new SimulatedExecution(seed), 2, 2, env => TwoPipelines(env, seed, faults, ledger));
            first.RunUntil(() => first.RestartNotes.Count == 2);
            SimulatedCluster second = first.TakeOver();
            second.Run();

            RequireRows(seed, second, ledger);
            Assert.IsTrue(
                second.Details.Vertices.All(vertex => vertex.Subtasks.All(one => one.Attempt > 1)), $"seed {seed}");
        }
    }

    private static void RequireRows(int seed, SimulatedCluster cluster, Ledger ledger)
    {
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        CollectionAssert.AreEquivalent(
            NumberedRecords.Rows(Records, Keys).SelectMany(row => new[] { $"faulty {row}", $"sound {row}" }).ToArray(),
            ledger.Rows.ToArray(),
            $"seed {seed}");
    }

    private static StreamExecutionEnvironment TwoPipelines(
        StreamExecutionEnvironment env, int seed, Faults faults, Ledger ledger) =>
        TwoPipelines(env, seed, faults.Pass, ledger);

    private static StreamExecutionEnvironment TwoPipelines(
        StreamExecutionEnvironment env, int seed, Func<long, long> faulty, Ledger ledger)
    {
        Configure(env, seed);
        Pipeline("faulty", faulty);
        Pipeline("sound", static value => value);
        return env;

        void Pipeline(string name, Func<long, long> pass)
        {
            DataStream<long> generated = env
                .FromSource(DataGenerator.Source(i => i, Records / 2, recordsPerSecond: 1_000))
                .Map(pass).Name($"{name} source");
            DataStream<long> given = env
                .FromCollection(Enumerable.Range(Records / 2, Records / 2).Select(i => (long)i))
                .Name($"{name} elements");
            generated.Union(given)
                .KeyBy(x => x % Keys)
                .Process(new NumberedRecords())
                .Map(row => $"{name} {row}").Name($"{name} rows")
                .SinkTo(ledger.Sink());
        }
    }

    private static void Chains(StreamExecutionEnvironment env, int seed, Faults faults, Ledger ledger)
    {
        Configure(env, seed);
        env.FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 1_000))
            .Map(x => $"{x}").DisableChaining()
            .Map(faults.Pass)
            .SinkTo(ledger.Sink());
    }

    private static void Configure(StreamExecutionEnvironment env, int seed) => env
        .SetRuntimeMode(RuntimeMode.Streaming)
        .SetBatchSize(1 + (seed % 7))
        .EnableCheckpointing(TimeSpan.FromMilliseconds(20), settings => settings with { ToleratedFailures = 100 })
        .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)));
}
