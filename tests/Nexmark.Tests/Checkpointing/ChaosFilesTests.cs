using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Queries;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Examples.Nexmark.Checkpointing;

/// <summary>Queries that write files while functions throw, subtasks decline checkpoints, storage fails or is slow,
/// silos die, and whoever is in charge dies between the completion of a checkpoint and its commit: the files hold
/// every row of the model once.</summary>
/// <remarks>Each seed decides everything (<see cref="ChaosSeeds"/>); by default there are 4 for each query.</remarks>
[TestClass]
public sealed class ChaosFilesTests
{
    private const int Events = 3_000;
    private const int Rate = 100;

    private static readonly IReadOnlyList<int> Seeds = ChaosSeeds.Of(count: 4);
    private static readonly EventLog Log = EventLog.Of(Events, new EventNumbering(Rate));

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
    public void No_failure_loses_or_doubles_a_row(string query)
    {
        IReadOnlyList<string> expected = WrittenRows.Expected(query, Log);
        int takenOver = 0;
        foreach (int seed in Seeds)
        {
            using var directory = new TemporaryDirectory();
            SimulatedCluster cluster = Run(query, seed, directory["out"]);

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{query}, seed {seed}: {cluster.Failure}");
            WrittenRows.Verify(expected, directory["out"], $"{query}, seed {seed}");
            Assert.IsEmpty(Directory.GetFiles(directory["out"], ".*"), $"{query}, seed {seed}: hidden files are left");
            takenOver += cluster.Details.Epoch.Value > 1 ? 1 : 0;
        }

        Assert.IsGreaterThan(0, takenOver, "jobs that were taken over");
    }

    private static SimulatedCluster Run(string query, int seed, string directory)
    {
        Random random = new(seed);
        Faults faults = new(random.Next(1, 4), random.Next(Events / 10, Events));
        var first = new SimulatedCluster(
            new SimulatedExecution(seed),
            silos: 3,
            parallelism: random.Next(1, 4),
            env => Define(env, query, faults, directory),
            new SimulatedShape
            {
                CheckpointFailures = random.Next(2) * 20,
                CheckpointDelay = TimeSpan.FromMilliseconds(random.Next(2) * 900),
                DeclinedParts = random.Next(2) * 15,
            });

        // By turns: taken over in front of a commit, or in the middle where rows are final at the end only; a silo that
        // dies.
        int commits = random.Next(1, 3);
        if (seed % 2 == 0)
        {
            first.RunUntil(() => first.CommitsOrdered >= commits || first.Completed >= 4 * commits);
            if (!first.Status.IsTerminal())
            {
                SimulatedCluster second = first.TakeOver();
                second.Run();
                return second;
            }
        }

        int silo = random.Next(3);
        first.Run((() => first.Completed >= 2 * commits, () => first.Lose(first.Silos[silo])));
        return first;
    }

    private static void Define(StreamExecutionEnvironment env, string query, Faults faults, string directory)
    {
        env.EnableCheckpointing(TimeSpan.FromSeconds(2), settings => settings with { ToleratedFailures = 100 })
            .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)));
        new CheckpointedQuery(query, Events, Rate).Define(env, events => events.Map(faults.Pass), directory);
    }
}
