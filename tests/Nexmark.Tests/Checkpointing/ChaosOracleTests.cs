using Millrace.DataStream;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Examples.Nexmark.Checkpointing;

/// <summary>Queries whose functions throw, whose silos die and whose checkpoints fail, at random: their results are
/// those of the models.</summary>
/// <remarks>Each seed decides everything (<see cref="ChaosSeeds"/>); by default there are 5 for each query.</remarks>
[TestClass]
public sealed class ChaosOracleTests
{
    // Fifty seconds of event time: windows of ten seconds come and go.
    private const int Events = 5_000;
    private const int Rate = 100;

    private static readonly IReadOnlyList<int> Seeds = ChaosSeeds.Of(count: 5);

    [TestMethod]
    [TestCategory("ChaosOracle")]
    [DataRow("q3")]
    [DataRow("q5")]
    [DataRow("q8")]
    [DataRow("q9")]
    [DataRow("q11")]
    [DataRow("q18")]
    [DataRow("q19")]
    [DataRow("q20")]
    public void No_failure_changes_a_result(string query) => Verify(query, overtaking: false);

    [TestMethod]
    [TestCategory("ChaosOracle")]
    [DataRow("q3")]
    [DataRow("q5")]
    [DataRow("q8")]
    [DataRow("q9")]
    [DataRow("q11")]
    [DataRow("q18")]
    [DataRow("q19")]
    [DataRow("q20")]
    public void No_failure_changes_a_result_where_barriers_overtake_at_once(string query) =>
        Verify(query, overtaking: true);

    private static void Verify(string query, bool overtaking)
    {
        string expected = $"{ModelResults.Of(query, Events, Rate)}";
        int resumed = 0;
        foreach (int seed in Seeds)
        {
            SimulatedCluster cluster = Run(query, seed, overtaking);

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{query}, seed {seed}: {cluster.Failure}");
            Assert.AreEqual(expected, CheckpointedQuery.ResultOf(cluster), $"{query}, seed {seed}");
            resumed += cluster.Completed > 0 && cluster.Details.Restarts > 0 ? 1 : 0;
        }

        Assert.IsGreaterThanOrEqualTo(Seeds.Count / 2, resumed, "jobs that went on from a checkpoint");
    }

    private static SimulatedCluster Run(string query, int seed, bool overtaking)
    {
        Random random = new(seed);
        Faults faults = new(random.Next(1, 4), random.Next(Events / 10, Events));
        int? batchSize = random.Next(3) == 0 ? random.Next(1, 50) : null;
        TimeSpan patience = overtaking ? TimeSpan.Zero : TimeSpan.FromSeconds(1);
        var cluster = new SimulatedCluster(
            new SimulatedExecution(seed),
            silos: 3,
            parallelism: random.Next(1, 5),
            env => Define(env, query, batchSize, patience, faults),
            new SimulatedShape { CheckpointFailures = random.Next(2) * 30 });
        int completed = random.Next(8);
        cluster.Run(random.Next(2) == 0
            ? null
            : (() => cluster.Completed > completed, () => cluster.Lose(cluster.Silos[random.Next(3)])));
        return cluster;
    }

    private static void Define(
        StreamExecutionEnvironment env, string query, int? batchSize, TimeSpan patience, Faults faults)
    {
        env.EnableCheckpointing(
                TimeSpan.FromSeconds(2),
                settings => settings with { ToleratedFailures = 100, AlignedTimeout = patience })
            .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)));
        if (batchSize is { } size)
        {
            env.SetBatchSize(size);
        }

        new CheckpointedQuery(query, Events, Rate).Define(env, events => events.Map(faults.Pass));
    }
}
