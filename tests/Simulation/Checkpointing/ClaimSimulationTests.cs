using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>What becomes of a savepoint, or a kept checkpoint, that a job goes on from.</summary>
[TestClass]
public sealed class ClaimSimulationTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_kept_checkpoint_stays_unless_it_is_claimed(bool claim)
    {
        Ledger ledger = new();
        (SimulatedCluster canceled, string path) = Kept(ledger);
        SimulatedCluster cluster = Next(canceled, ledger, new RestoreSettings(path) { Claim = claim });
        cluster.Run();

        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
        CollectionAssert.AreEquivalent(NumberedRows.Expected(), ledger.Rows.ToArray());
        Assert.AreEqual(!claim, FilesOf(cluster, path).Length > 0, "files of what it went on from");
    }

    // Like a checkpoint of its own, which it is from then on.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void What_is_claimed_goes_with_a_canceled_job_unless_its_checkpoints_stay(bool retain)
    {
        Ledger ledger = new();
        (SimulatedCluster canceled, string path) = Kept(ledger);
        SimulatedCluster cluster = Next(
            canceled,
            ledger,
            new RestoreSettings(path) { Claim = true },
            settings => settings with { RetainOnCancellation = retain });
        cluster.Run((() => cluster.IsAtWork, cluster.Cancel));

        Assert.AreEqual(JobStatus.Canceled, cluster.Status);
        Assert.AreEqual(0, cluster.Completed, "checkpoints of its own");
        Assert.AreEqual(retain, FilesOf(cluster, path).Length > 0, "files of what it went on from");
    }

    [TestMethod]
    public void Whoever_takes_over_before_the_first_checkpoint_begins_where_the_job_did()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            Ledger ledger = new();
            (SimulatedCluster canceled, string path) = Kept(ledger, seed);
            SimulatedCluster paused = Next(canceled, ledger, new RestoreSettings(path) { Claim = true });
            paused.RunUntil(() => paused.IsAtWork);
            SimulatedCluster cluster = paused.TakeOver();
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            CollectionAssert.AreEquivalent(NumberedRows.Expected(), ledger.Rows.ToArray(), $"seed {seed}");
            Assert.IsEmpty(FilesOf(cluster, path), $"seed {seed}: what it had claimed");
        }
    }

    [TestMethod]
    public void Whoever_takes_over_and_finds_nothing_to_begin_with_fails_the_job()
    {
        Ledger ledger = new();
        (SimulatedCluster canceled, string path) = Kept(ledger);
        SimulatedCluster paused = Next(canceled, ledger, new RestoreSettings(path));
        paused.RunUntil(() => paused.IsAtWork);
        SimulatedCluster cluster = paused.TakeOver();
        foreach (string file in FilesOf(paused, path))
        {
            paused.Checkpoints.Remove(file);
        }

        cluster.Run();

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        StringAssert.Contains(cluster.Failure!.Message, path);
    }

    // There is nothing before it to go back to: the job fails, has written nothing, and says which file it is.
    [TestMethod]
    [DataRow(DamageKind.FlippedBit)]
    [DataRow(DamageKind.Missing)]
    [DataRow(DamageKind.Truncated)]
    [DataRow(DamageKind.Empty)]
    public void A_job_whose_savepoint_has_a_damaged_state_file_fails_and_names_it(DamageKind kind)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            Ledger ledger = new();
            SimulatedCluster first = new(
                new SimulatedExecution(seed),
                silos: 2,
                parallelism: 2,
                env => NumberedRows.Define(env, ledger.Sink()));
            first.RunUntil(() => first.Completed >= 2);
            SavepointId id = first.Ask(SavepointKind.Suspend);
            first.Run();
            string path = first.ProgressOf(id)!.Path!;
            string[] states =
            [
                .. first.Checkpoints.Files.Where(file => file.StartsWith($"{path}/", StringComparison.Ordinal)
                    && file.EndsWith(".state", StringComparison.Ordinal)),
            ];
            string damaged = states[seed % states.Length];
            Damage.Do(first.Checkpoints, damaged, kind, new Random(seed));
            int rows = ledger.Rows.Count;

            SimulatedCluster cluster = Next(first, ledger, new RestoreSettings(path));
            cluster.Run();

            Assert.AreEqual(JobStatus.Failed, cluster.Status, $"{kind}, seed {seed}");
            StringAssert.Contains(cluster.Failure!.Message, damaged, $"{kind}, seed {seed}");
            Assert.HasCount(rows, ledger.Rows, $"{kind}, seed {seed}: rows");
        }
    }

    private static (SimulatedCluster Canceled, string Path) Kept(Ledger ledger, int seed = 4)
    {
        SimulatedCluster cluster = new(
            new SimulatedExecution(seed),
            silos: 2,
            parallelism: 2,
            env => NumberedRows.Define(
                env, ledger.Sink(), settings => settings with { RetainOnCancellation = true }));
        cluster.Run((() => cluster.Completed >= 3, cluster.Cancel));
        Assert.AreEqual(JobStatus.Canceled, cluster.Status);
        return (cluster, cluster.FolderOf(cluster.Recorded[0].Reference));
    }

    private static SimulatedCluster Next(
        SimulatedCluster former,
        Ledger ledger,
        RestoreSettings restore,
        Func<CheckpointSettings, CheckpointSettings>? configure = null) => former.GoOn(
            restore, parallelism: 3, env => NumberedRows.Define(env, ledger.Sink(), configure), silos: 2);

    private static string[] FilesOf(SimulatedCluster cluster, string path) =>
    [
        .. cluster.Checkpoints.Files.Where(file =>
            file.StartsWith($"{path[SimulatedCheckpoints.Root.Length..]}/", StringComparison.Ordinal)),
    ];
}
