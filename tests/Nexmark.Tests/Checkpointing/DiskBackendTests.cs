using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Execution;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.State;
using Millrace.State.Disk;

namespace Millrace.Examples.Nexmark.Checkpointing;

/// <summary>Queries that keep their state on a real disk while all else is simulated: their results are those of the
/// models, and nothing stays open.</summary>
[TestClass]
public sealed class DiskBackendTests : IDisposable
{
    private const int Events = 4_000;
    private const int Rate = 100;

    private readonly TemporaryDirectory _directory = new();
    private readonly SystemExecution _execution = new(
        new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);

    private readonly DiskStateSpace _space;

    public DiskBackendTests() => _space = new DiskStateSpace(_execution, new DiskStateOptions
    {
        Directory = _directory["state"],
        MemoryBudget = 64L << 20,
    });

    public void Dispose()
    {
        _space.Dispose();
        _execution.Dispose();
        _directory.Dispose();
    }

    // Memory, disk, memory, disk: what one has saved the other goes on with, with other numbers of subtasks.
    [TestMethod]
    [DataRow("q3", 1)]
    [DataRow("q4", 2)]
    [DataRow("q9", 3)]
    [DataRow("q18", 4)]
    [DataRow("q19", 5)]
    [DataRow("q20", 6)]
    public void Savepoints_go_from_memory_to_the_disk_and_back(string query, int seed)
    {
        int[] parallelisms = [1, 3, 2, 4];
        StateBackend[] backends = [StateBackend.Heap, StateBackend.Disk, StateBackend.Heap, StateBackend.Disk];
        int passed = 0;
        SimulatedCluster cluster = new(
            new SimulatedExecution(seed), silos: 2, parallelisms[0], env => Define(env, backends[0]), Shape);
        for (int i = 1; i < parallelisms.Length; i++)
        {
            int target = Events * i / parallelisms.Length;
            StateBackend backend = backends[i];
            cluster.RunUntil(() => passed >= target);
            SavepointId id = cluster.Ask(SavepointKind.Suspend);
            cluster.Run();
            SavepointProgress stopped = cluster.ProgressOf(id)!;
            Assert.AreEqual(SavepointState.Completed, stopped.State, $"{query}: {stopped.Failure}");
            Assert.AreEqual(0, _space.OpenDatabases, $"{query}, run {i}: nothing is open between two runs");
            cluster = cluster.GoOn(
                new RestoreSettings(stopped.Path!), parallelisms[i], env => Define(env, backend), silos: 2);
        }

        cluster.Run();

        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{query}: {cluster.Failure}");
        Assert.AreEqual($"{ModelResults.Of(query, Events, Rate)}", CheckpointedQuery.ResultOf(cluster), query);
        Assert.IsTrue(_space.IsLoaded, "databases were there");
        Assert.AreEqual((0, 0L), (_space.OpenDatabases, _space.DiskBytes), "nothing stays");

        void Define(StreamExecutionEnvironment env, StateBackend backend) =>
            new CheckpointedQuery(query, Events, Rate).Define(
                env.SetStateBackend(backend), events => events.Map(Pass));

        Event Pass(Event value)
        {
            passed++;
            return value;
        }
    }

    // Functions throw, a silo dies, writes of checkpoints fail or are declined, at random.
    [TestMethod]
    [TestCategory("ChaosOracle")]
    [DataRow("q3")]
    [DataRow("q9")]
    [DataRow("q18")]
    [DataRow("q20")]
    public void No_failure_changes_a_result_and_every_snapshot_is_let_go(string query)
    {
        string expected = $"{ModelResults.Of(query, Events, Rate)}";
        int resumed = 0;
        IReadOnlyList<int> seeds = ChaosSeeds.Of(count: 3);
        foreach (int seed in seeds)
        {
            Random random = new(seed);
            Faults faults = new(random.Next(1, 4), random.Next(Events / 10, Events));
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed),
                silos: 3,
                parallelism: random.Next(1, 4),
                env => new CheckpointedQuery(query, Events, Rate).Define(
                    env.EnableCheckpointing(
                            TimeSpan.FromSeconds(2), settings => settings with { ToleratedFailures = 100 })
                        .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)))
                        .SetStateBackend(StateBackend.Disk),
                    events => events.Map(faults.Pass)),
                Shape with { CheckpointFailures = random.Next(2) * 30, DeclinedParts = random.Next(2) * 30 });
            int completed = random.Next(8);
            cluster.Run(random.Next(2) == 0
                ? null
                : (() => cluster.Completed > completed, () => cluster.Lose(cluster.Silos[random.Next(3)])));

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{query}, seed {seed}: {cluster.Failure}");
            Assert.AreEqual(expected, CheckpointedQuery.ResultOf(cluster), $"{query}, seed {seed}");
            Assert.AreEqual((0, 0L), (_space.OpenDatabases, _space.DiskBytes), $"{query}, seed {seed}: nothing stays");
            resumed += cluster.Completed > 0 && cluster.Details.Restarts > 0 ? 1 : 0;
        }

        Assert.IsGreaterThanOrEqualTo(seeds.Count / 2, resumed, "jobs that went on from a checkpoint");
    }

    private SimulatedShape Shape => new() { State = new StateEnvironment(StateBackend.Heap, _space) };
}
