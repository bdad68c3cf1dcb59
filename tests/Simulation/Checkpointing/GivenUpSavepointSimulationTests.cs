using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Savepoints that come to nothing: they hold nobody up, and nothing is left of them.</summary>
[TestClass]
public sealed class GivenUpSavepointSimulationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(60);

    // A hundred times as long as the job takes.
    private static readonly TimeSpan ForEver = TimeSpan.FromMinutes(5);

    [TestMethod]
    [DataRow(SavepointKind.Continue)]
    [DataRow(SavepointKind.Suspend)]
    public void Checkpoints_go_on_behind_a_savepoint_whose_upload_hangs(SavepointKind kind)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            (SimulatedCluster cluster, Ledger ledger) = Job(seed);
            cluster.RunUntil(() => cluster.Completed >= 2);
            cluster.Checkpoints.SlowBelow = SimulatedCluster.SavepointDirectory;
            cluster.Checkpoints.SlowTime = ForEver;
            DateTimeOffset began = cluster.Simulation.Time.GetUtcNow();
            SavepointId id = cluster.Ask(kind, Patience);
            cluster.RunUntil(() => cluster.ProgressOf(id)!.State != SavepointState.InProgress);
            int before = cluster.Completed;
            cluster.Run();

            Assert.AreEqual(SavepointState.Failed, cluster.ProgressOf(id)!.State, $"seed {seed}");
            Assert.IsGreaterThan(before + 2, cluster.Completed, $"seed {seed}: checkpoints behind it");
            Assert.IsLessThan(ForEver, cluster.Simulation.Time.GetUtcNow() - began, $"seed {seed}: somebody waited");
            Require(cluster, ledger, $"seed {seed}");
        }
    }

    // A store that has the request already, and answers late: the subtask hears of it when all others are gone.
    [TestMethod]
    [DataRow(SavepointKind.Continue)]
    [DataRow(SavepointKind.Suspend)]
    public void Files_that_come_late_are_removed(SavepointKind kind)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            (SimulatedCluster cluster, Ledger ledger) = Job(seed);
            cluster.RunUntil(() => cluster.Completed >= 2);
            cluster.Checkpoints.SlowBelow = SimulatedCluster.SavepointDirectory;
            cluster.Checkpoints.SlowTime = TimeSpan.FromMilliseconds(150);
            cluster.Checkpoints.WritesAllTheSame = true;
            SavepointId id = cluster.Ask(kind, Patience);
            int late = 0;
            cluster.Run((
                () =>
                {
                    late += cluster.ProgressOf(id)!.State == SavepointState.Failed && Left(cluster).Length > 0 ? 1 : 0;
                    return false;
                },
                static () => { }));

            Assert.AreEqual(SavepointState.Failed, cluster.ProgressOf(id)!.State, $"seed {seed}");
            Assert.IsGreaterThan(0, late, $"seed {seed}: no file came late");
            Require(cluster, ledger, $"seed {seed}");
        }
    }

    // Told to stop while it writes, a subtask says nothing of the file that it has written.
    [TestMethod]
    public void Files_that_come_late_from_subtasks_that_are_told_to_stop_are_removed()
    {
        int late = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            (SimulatedCluster cluster, _) = Job(seed);
            cluster.RunUntil(() => cluster.Completed >= 2);
            cluster.Checkpoints.SlowBelow = SimulatedCluster.SavepointDirectory;
            cluster.Checkpoints.SlowTime = TimeSpan.FromMilliseconds(40 + (10 * seed));
            cluster.Checkpoints.WritesAllTheSame = true;
            SavepointId id = cluster.Ask(SavepointKind.Continue);
            cluster.RunUntil(() => cluster.Checkpoints.SlowWrites > seed % 3);
            cluster.Cancel();
            cluster.Run((
                () =>
                {
                    late += cluster.ProgressOf(id)!.State == SavepointState.Failed && Left(cluster).Length > 0 ? 1 : 0;
                    return false;
                },
                static () => { }));

            Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.IsEmpty(Left(cluster), $"seed {seed}: files of the savepoint");
        }

        Assert.IsGreaterThan(0, late, "no file came late");
    }

    // The job's master dies in each of the moments from the first file to the end of the savepoint: what it leaves is a
    // savepoint that the job has ended with, or nothing.
    [TestMethod]
    [DataRow(SavepointKind.Continue)]
    [DataRow(SavepointKind.Suspend)]
    public void Whoever_takes_over_removes_a_savepoint_that_nobody_was_told_of(SavepointKind kind)
    {
        int removed = 0;
        int stopped = 0;
        for (int seed = 0; seed < 24; seed++)
        {
            (SimulatedCluster paused, Ledger ledger) = Job(seed);
            paused.RunUntil(() => paused.Completed >= 2);
            SavepointId id = paused.Ask(kind);
            int events = 0;
            paused.RunUntil(() => Left(paused).Length > 0 && ++events > seed * 2);
            bool isTold = paused.ProgressOf(id)!.State == SavepointState.Completed;
            SimulatedCluster cluster = paused.TakeOver();
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            if (isTold)
            {
                continue;
            }

            if (cluster.Details.Savepoint is { } path)
            {
                stopped++;
                cluster = cluster.GoOn(
                    new RestoreSettings(path), 2, env => NumberedRows.Define(env, ledger.Sink()), silos: 2);
                cluster.Run();
                CollectionAssert.AreEquivalent(NumberedRows.Expected(), ledger.Rows.ToArray(), $"seed {seed}");
                continue;
            }

            removed++;
            Require(cluster, ledger, $"seed {seed}");
        }

        Assert.IsGreaterThan(3, removed, "savepoints that came to nothing");
        Assert.AreEqual(kind == SavepointKind.Suspend, stopped > 0, "savepoints that stopped the job");
    }

    private static (SimulatedCluster Cluster, Ledger Ledger) Job(int seed)
    {
        Ledger ledger = new();
        return (
            new SimulatedCluster(
                new SimulatedExecution(seed),
                silos: 2,
                parallelism: 2,
                env => NumberedRows.Define(env, ledger.Sink())),
            ledger);
    }

    private static string[] Left(SimulatedCluster cluster) =>
    [
        .. cluster.Checkpoints.Files.Where(static path =>
            path.StartsWith(SimulatedCluster.SavepointDirectory, StringComparison.Ordinal)),
    ];

    private static void Require(SimulatedCluster cluster, Ledger ledger, string what)
    {
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{what}: {cluster.Failure}");
        CollectionAssert.AreEquivalent(NumberedRows.Expected(), ledger.Rows.ToArray(), what);
        Assert.IsEmpty(Left(cluster), $"{what}: files of the savepoint");
    }
}
