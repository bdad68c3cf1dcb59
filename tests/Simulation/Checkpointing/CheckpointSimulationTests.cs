using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Running;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Jobs that fail again and again, wherever it may be: what they commit is what they commit without
/// failures.</summary>
[TestClass]
public sealed class CheckpointSimulationTests
{
    private const int Records = 600;
    private const int Keys = 7;

    private static readonly IReadOnlyList<int> Seeds = ChaosSeeds.Of(count: 20);

    [TestMethod]
    public void Checkpoints_alone_change_no_result()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            (SimulatedCluster cluster, Ledger ledger) = Run(seed, silos: 2, parallelism: 2, faults: new Faults(0, 1));

            Assert.AreEqual(0, cluster.Details.Restarts, $"seed {seed}");
            Assert.IsGreaterThan(1, cluster.Completed, $"seed {seed}: checkpoints");
            Assert.IsGreaterThan(cluster.Completed, ledger.Commits, $"seed {seed}: commits");
        }
    }

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void Functions_that_throw_lose_and_double_nothing()
    {
        int resumed = 0;
        foreach (int seed in Seeds)
        {
            var faults = new Faults(count: 3, every: 150 + (seed * 37 % 400));
            (SimulatedCluster cluster, _) = Run(seed, 1 + (seed % 3), 1 + (seed % 4), faults);
            resumed += cluster.Completed > 0 && cluster.Details.Restarts > 0 ? 1 : 0;
        }

        Assert.IsGreaterThan(Seeds.Count / 2, resumed, "jobs that went on from a checkpoint");
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
                parallelism: 1 + (seed % 4),
                new Faults(count: 1, every: 200 + (seed * 53 % 300)),
                new SimulatedShape { CheckpointFailures = 20 },
                cluster => (() => cluster.Completed > seed % 4, () => cluster.Lose(cluster.Silos[seed % 3])));
        }
    }

    private static (SimulatedCluster Cluster, Ledger Ledger) Run(
        int seed,
        int silos,
        int parallelism,
        Faults faults,
        SimulatedShape? shape = null,
        Func<SimulatedCluster, (Func<bool> Condition, Action Then)>? until = null)
    {
        Ledger ledger = new();
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed, silos, parallelism, env => Define(env, seed, faults, ledger), until, shape: shape);
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        CollectionAssert.AreEquivalent(NumberedRecords.Rows(Records, Keys), ledger.Rows.ToArray(), $"seed {seed}");
        return (cluster, ledger);
    }

    private static void Define(StreamExecutionEnvironment env, int seed, Faults faults, Ledger ledger)
    {
        env.SetRuntimeMode(RuntimeMode.Streaming)
            .SetBatchSize(1 + (seed % 7))
            .EnableCheckpointing(TimeSpan.FromMilliseconds(20), settings => settings with { ToleratedFailures = 100 })
            .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)));
        DataStream<long> generated = env
            .FromSource(DataGenerator.Source(i => i, Records / 2, recordsPerSecond: 2_000))
            .Map(faults.Pass).Name("Faulty source");
        DataStream<long> given = env
            .FromCollection(Enumerable.Range(Records / 2, Records / 2).Select(i => (long)i))
            .Rebalance().Map(faults.Pass).Name("Faulty elements");
        generated.Union(given)
            .KeyBy(x => x % Keys)
            .Process(new NumberedRecords())
            .Map(faults.Pass).Name("Faulty rows")
            .SinkTo(ledger.Sink());
    }
}
