using Millrace.Checkpointing.Storage;
using Millrace.Jobs;
using Millrace.Jobs.Master;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Checkpoints whose files are not what was written: the job goes on from the one before, or fails and says
/// why; it never goes on from something else.</summary>
[TestClass]
public sealed class DamageSimulationTests
{
    private static readonly JobEpoch First = JobEpoch.None.Next();

    // What the job itself knows of the checkpoint is in its memory: only the state is read.
    [TestMethod]
    [DataRow(DamageKind.FlippedBit)]
    [DataRow(DamageKind.Missing)]
    [DataRow(DamageKind.Truncated)]
    [DataRow(DamageKind.Empty)]
    public void A_restart_goes_on_from_the_checkpoint_before_the_damaged_one(DamageKind kind)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            RowTable table = new();
            SimulatedCluster cluster = Cluster(seed, table);
            cluster.RunUntil(() => cluster.Completed >= 4);
            (long latest, string path) = DamageLatest(cluster, DamagedFile.State, kind, seed);
            cluster.FailNow("restart");
            cluster.Run();

            RequireFallback(cluster, latest, path, kind, $"{kind}, seed {seed}");
            CollectionAssert.AreEquivalent(NumberedRows.Expected(), table.Rows.ToArray(), $"{kind}, seed {seed}");
        }
    }

    [TestMethod]
    [DataRow(DamagedFile.Metadata, DamageKind.FlippedBit)]
    [DataRow(DamagedFile.Metadata, DamageKind.Missing)]
    [DataRow(DamagedFile.Metadata, DamageKind.Truncated)]
    [DataRow(DamagedFile.Metadata, DamageKind.Empty)]
    [DataRow(DamagedFile.Metadata, DamageKind.NewerVersion)]
    [DataRow(DamagedFile.State, DamageKind.FlippedBit)]
    [DataRow(DamagedFile.State, DamageKind.Missing)]
    [DataRow(DamagedFile.State, DamageKind.Truncated)]
    [DataRow(DamagedFile.State, DamageKind.Empty)]
    [DataRow(DamagedFile.State, DamageKind.NewerVersion)]
    public void Whoever_takes_over_goes_on_from_the_checkpoint_before_the_damaged_one(DamagedFile file, DamageKind kind)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            RowTable table = new();
            SimulatedCluster paused = Cluster(seed, table);
            paused.RunUntil(() => paused.Completed >= 4 && paused.Recorded.Length > 2);
            SimulatedCluster cluster = paused.TakeOver();
            (long latest, string path) = DamageRecorded(paused, 0, file, kind, seed);
            cluster.Run();

            RequireFallback(cluster, latest, path, kind, $"{file} {kind}, seed {seed}");
            CollectionAssert.AreEquivalent(
                NumberedRows.Expected(), table.Rows.ToArray(), $"{file} {kind}, seed {seed}");
        }
    }

    // Two in a row: one by its metadata, the next one by its state.
    [TestMethod]
    public void The_walk_goes_back_as_far_as_it_must()
    {
        RowTable table = new();
        SimulatedCluster paused = Cluster(seed: 7, table);
        paused.RunUntil(() => paused.Completed >= 4 && paused.Recorded.Length > 2);
        SimulatedCluster cluster = paused.TakeOver();
        long oldest = paused.Recorded[2].Number;
        DamageRecorded(paused, 0, DamagedFile.Metadata, DamageKind.Truncated, seed: 7);
        DamageRecorded(paused, 1, DamagedFile.State, DamageKind.FlippedBit, seed: 7);
        cluster.Run();

        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
        Assert.AreEqual(oldest, cluster.Notes.OfType<CheckpointNote.FellBack>().Last().Number);
        CollectionAssert.AreEquivalent(NumberedRows.Expected(), table.Rows.ToArray());
    }

    [TestMethod]
    public void A_job_without_a_sound_checkpoint_fails_with_all_that_is_wrong()
    {
        SimulatedCluster paused = Cluster(seed: 3, new RowTable());
        paused.RunUntil(() => paused.Completed >= 4 && paused.Recorded.Length > 2);
        SimulatedCluster cluster = paused.TakeOver();
        string[] paths =
        [
            DamageRecorded(paused, 0, DamagedFile.Metadata, DamageKind.Missing, seed: 3).Path,
            DamageRecorded(paused, 1, DamagedFile.State, DamageKind.Truncated, seed: 3).Path,
            DamageRecorded(paused, 2, DamagedFile.Metadata, DamageKind.FlippedBit, seed: 3).Path,
        ];
        cluster.Run();

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.AreEqual(typeof(CheckpointsUnusableException).FullName, cluster.Failure?.TypeName);
        foreach (string path in paths)
        {
            StringAssert.Contains(cluster.Failure!.Message, path);
        }
    }

    // Rows of the damaged checkpoint are visible: made again, they would be there twice.
    [TestMethod]
    [DataRow(CheckpointFallback.WhenExact)]
    [DataRow(CheckpointFallback.Never)]
    public void A_job_whose_sink_has_committed_since_fails_rather_than_doubling(CheckpointFallback fallback)
    {
        Ledger ledger = new();
        SimulatedCluster cluster = Cluster(seed: 5, ledger, fallback);
        cluster.RunUntil(() => cluster.Completed >= 4 && ledger.Commits > 3);
        (_, string path) = DamageLatest(cluster, DamagedFile.State, DamageKind.FlippedBit, seed: 5);
        cluster.FailNow("restart");
        cluster.Run();

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.AreEqual(typeof(CheckpointsUnusableException).FullName, cluster.Failure?.TypeName);
        StringAssert.Contains(cluster.Failure!.Message, path);
        StringAssert.Contains(
            cluster.Failure.Message, fallback == CheckpointFallback.Never ? "Fallback = Never" : "would appear twice");
        CollectionAssert.AllItemsAreUnique(ledger.Rows.ToArray());
    }

    [TestMethod]
    public void A_job_that_may_repeat_results_goes_on_and_says_so()
    {
        Ledger ledger = new();
        SimulatedCluster cluster = Cluster(seed: 5, ledger, CheckpointFallback.Always);
        cluster.RunUntil(() => cluster.Completed >= 4 && ledger.Commits > 3);
        DamageLatest(cluster, DamagedFile.State, DamageKind.Missing, seed: 5);
        cluster.FailNow("restart");
        cluster.Run();

        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
        Assert.IsTrue(cluster.Notes.OfType<CheckpointNote.FellBack>().Single().Repeats);
        CollectionAssert.AreEquivalent(NumberedRows.Expected(), ledger.Rows.Distinct().ToArray(), "a row is missing");
    }

    private static SimulatedCluster Cluster(int seed, RowTable table) => new(
        new SimulatedExecution(seed),
        silos: 2,
        parallelism: 1 + (seed % 2),
        env => NumberedRows.Define(env, table.Sink(), settings => settings with { Retained = 3 }));

    private static SimulatedCluster Cluster(int seed, Ledger ledger, CheckpointFallback fallback) => new(
        new SimulatedExecution(seed),
        silos: 2,
        parallelism: 1,
        env => NumberedRows.Define(
            env, ledger.Sink(), settings => settings with { Retained = 3, Fallback = fallback }));

    private static (long Number, string Path) DamageLatest(
        SimulatedCluster cluster, DamagedFile file, DamageKind kind, int seed)
    {
        CheckpointReference latest = new(cluster.Details.Checkpoints!.Latest!.Number, First);
        return (latest.Number, Damage.Do(cluster.Checkpoints, latest, file, kind, new Random(seed)));
    }

    private static (long Number, string Path) DamageRecorded(
        SimulatedCluster cluster, int index, DamagedFile file, DamageKind kind, int seed)
    {
        CheckpointReference damaged = cluster.Recorded[index].Reference;
        return (damaged.Number, Damage.Do(cluster.Checkpoints, damaged, file, kind, new Random(seed)));
    }

    private static void RequireFallback(
        SimulatedCluster cluster, long damaged, string path, DamageKind kind, string what)
    {
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{what}: {cluster.Failure}");
        CheckpointNote.Damaged note = cluster.Notes.OfType<CheckpointNote.Damaged>().Single();
        Assert.AreEqual(damaged, note.Number, what);
        StringAssert.Contains(note.Finding.Message, path, what);
        StringAssert.Contains(note.Finding.Message, kind == DamageKind.Missing ? "is missing" : "from byte ", what);
        Assert.AreEqual(
            damaged - 1, cluster.Notes.OfType<CheckpointNote.FellBack>().Single().Number, what);
        Assert.IsTrue(
            cluster.Details.Failures.Any(failure => failure.Failure.Message.Contains(path, StringComparison.Ordinal)),
            $"{what}: no failure names the file");
    }
}
