using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Random programs that go on from records in flight with other numbers of subtasks, again and again: each
/// record counts once.</summary>
[TestClass]
public sealed class RescaledFlowSimulationTests
{
    private static readonly IReadOnlyList<int> Seeds = ChaosSeeds.Of(count: 40);
    private static readonly int[] Parallelisms = [1, 3, 2, 4];

    [TestMethod]
    [TestCategory("ChaosOracle")]
    public void No_record_in_flight_is_lost_or_doubled_by_one_three_two_and_four_subtasks()
    {
        int resumed = 0;
        long inFlight = 0;
        foreach (int seed in Seeds)
        {
            Ledger ledger = new() { Pace = TimeSpan.FromMilliseconds(1) };
            RandomFlow flow = new(seed, ledger);
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed), silos: 1 + (seed % 3), Parallelisms[0], env => flow.Define(env, 1));
            foreach (int parallelism in Parallelisms.Skip(1))
            {
                cluster.Run((() => HasInFlight(cluster), cluster.Cancel));
                if (cluster.Status == JobStatus.Finished)
                {
                    break;
                }

                Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}: {Told(cluster)}");
                RetainedCheckpoint kept = cluster.Recorded[0];
                inFlight += cluster.FindCheckpoint(kept.Number)!.InFlightBytes;
                resumed++;
                cluster = cluster.GoOn(
                    new RestoreSettings(cluster.FolderOf(kept.Reference)),
                    parallelism,
                    env => flow.Define(env, parallelism),
                    silos: 1 + ((seed + parallelism) % 3));
            }

            if (cluster.Status != JobStatus.Finished)
            {
                cluster.Run();
            }

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {Told(cluster)}");
            CollectionAssert.AreEquivalent(RandomFlow.Rows.ToArray(), ledger.Rows.ToArray(), $"seed {seed}");
        }

        Assert.IsGreaterThan(2 * Seeds.Count, resumed, "jobs that went on from one that was canceled");
        Assert.IsGreaterThan(100L * resumed, inFlight, "bytes of records in flight");
    }

    private static string Told(SimulatedCluster cluster) =>
        string.Join("; ", cluster.Details.Failures.Select(static one => one.Failure.Message));

    private static bool HasInFlight(SimulatedCluster cluster) =>
        !cluster.Recorded.IsEmpty && cluster.FindCheckpoint(cluster.Recorded[0].Number) is { InFlightBytes: > 0 };
}
