using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Running;
using Millrace.Simulation;
using Millrace.Tasks.Checkpointing.Copies;

namespace Millrace.Checkpointing;

/// <summary>Subtasks that run again where they ran before go on from the copies of their state there.</summary>
[TestClass]
public sealed class LocalStateSimulationTests
{
    private const int Records = 1_000;
    private const int Keys = 12;

    private static readonly SimulatedShape WithCopies = new() { Copies = new LocalStateOptions() };

    [TestMethod]
    [DataRow(FailoverStrategy.Full)]
    [DataRow(FailoverStrategy.Region)]
    public void A_subtask_that_failed_is_restored_without_a_look_at_the_checkpoints(FailoverStrategy failover)
    {
        int restored = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            var faults = new Faults(count: 2, every: 220);
            (SimulatedCluster cluster, _) = Run(seed, faults, WithCopies with { Failover = failover });

            Assert.AreEqual(2, cluster.Details.Restarts, $"seed {seed}");
            Assert.AreEqual(0, cluster.Checkpoints.Opened, $"seed {seed}: files of checkpoints");
            restored += (int)cluster.Silos.Sum(silo => silo.Checkpoints.CopiesRead);
        }

        Assert.IsGreaterThan(20, restored, "copies read");
    }

    [TestMethod]
    public void Copies_that_are_damaged_are_passed_over()
    {
        int passed = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            (SimulatedCluster cluster, _) = Run(
                seed,
                new Faults(0, 1),
                WithCopies,
                cluster => (() => cluster.Completed > 2, () =>
                {
                    for (int i = 0; i < 8; i++)
                    {
                        _ = i % 2 == 0 ? cluster.Simulation.Disk.Damage() : cluster.Simulation.Disk.CutOff();
                    }

                    cluster.FailNow("a good moment");
                }));

            Assert.AreEqual(1, cluster.Details.Restarts, $"seed {seed}");
            passed += cluster.Checkpoints.Opened;
        }

        Assert.IsGreaterThan(0, passed, "files of checkpoints read instead");
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void With_lost_silos_and_storage_that_fails_nothing_is_lost_and_nothing_doubled()
    {
        foreach (int seed in ChaosSeeds.Of(count: 20))
        {
            Run(
                seed,
                new Faults(count: 2, every: 150 + (seed * 53 % 300)),
                WithCopies with { CheckpointFailures = 20, DeclinedParts = 40 },
                cluster => (() => cluster.Completed > seed % 4, () => cluster.Lose(cluster.Silos[seed % 3])));
        }
    }

    private static (SimulatedCluster Cluster, Ledger Ledger) Run(
        int seed,
        Faults faults,
        SimulatedShape shape,
        Func<SimulatedCluster, (Func<bool> Condition, Action Then)>? until = null)
    {
        Ledger ledger = new();
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed, silos: 3, parallelism: 3, env => Define(env, seed, faults, ledger), until, shape: shape);
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        CollectionAssert.AreEquivalent(
            NumberedRecords.Rows(Records, Keys).Concat(NumberedRecords.Rows(Records, Keys)).ToArray(),
            ledger.Rows.ToArray(),
            $"seed {seed}");
        Assert.IsEmpty(cluster.Simulation.Disk.Paths, $"seed {seed}: what is left on the disks");
        return (cluster, ledger);
    }

    private static void Define(StreamExecutionEnvironment env, int seed, Faults faults, Ledger ledger)
    {
        env.SetRuntimeMode(RuntimeMode.Streaming)
            .SetBatchSize(1 + (seed % 7))
            .EnableCheckpointing(TimeSpan.FromMilliseconds(20), settings => settings with { ToleratedFailures = 100 })
            .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)));
        foreach (Faults own in new[] { faults, new Faults(0, 1) })
        {
            env.FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 2_000))
                .Map(own.Pass)
                .KeyBy(x => x % Keys)
                .Process(new NumberedRows.Numbered())
                .SinkTo(ledger.Sink());
        }
    }
}
