using Millrace.Checkpointing;
using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Examples.Nexmark.Checkpointing;

/// <summary>Queries that are stopped with savepoints on their way, and go on with 3, 2 and 4 subtasks: their results
/// are those of the models.</summary>
[TestClass]
public sealed class RescaleTests
{
    private const int Events = 4_000;
    private const int Rate = 100;

    private static readonly int[] Parallelisms = [1, 3, 2, 4];

    [TestMethod]
    [DataRow("q3", 1)]
    [DataRow("q4", 2)]
    [DataRow("q5", 3)]
    [DataRow("q7", 4)]
    [DataRow("q8", 5)]
    [DataRow("q9", 6)]
    [DataRow("q11", 7)]
    [DataRow("q18", 8)]
    [DataRow("q19", 9)]
    [DataRow("q20", 10)]
    public void Other_numbers_of_subtasks_change_no_result(string query, int seed)
    {
        int passed = 0;
        SimulatedCluster cluster = new(new SimulatedExecution(seed), silos: 2, Parallelisms[0], Define);
        for (int i = 1; i < Parallelisms.Length; i++)
        {
            int target = Events * i / Parallelisms.Length;
            cluster.RunUntil(() => passed >= target);
            SavepointId id = cluster.Ask(SavepointKind.Suspend);
            cluster.Run();
            SavepointProgress stopped = cluster.ProgressOf(id)!;
            Assert.AreEqual(SavepointState.Completed, stopped.State, $"{query}: {stopped.Failure}");
            cluster = cluster.GoOn(new RestoreSettings(stopped.Path!), Parallelisms[i], Define, silos: 2);
        }

        cluster.Run();

        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{query}: {cluster.Failure}");
        Assert.AreEqual($"{ModelResults.Of(query, Events, Rate)}", CheckpointedQuery.ResultOf(cluster), query);
        Assert.AreEqual(Events, passed, $"{query}: events read");

        void Define(StreamExecutionEnvironment env) =>
            new CheckpointedQuery(query, Events, Rate).Define(env, events => events.Map(Pass));

        Event Pass(Event value)
        {
            passed++;
            return value;
        }
    }
}
