using System.Collections.Immutable;
using System.Text;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Files of checkpoints: those that a job can go on from are there, and no others for long.</summary>
[TestClass]
public sealed class RetentionSimulationTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void As_many_completed_checkpoints_are_kept_as_are_asked_for(int retained)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            SimulatedCluster cluster = Cluster(seed, settings => settings with { Retained = retained });
            long most = 0;
            cluster.Run((
                () =>
                {
                    most = Math.Max(most, Completed(cluster).Count());
                    return false;
                },
                static () => { }));

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.IsGreaterThan(retained + 2, cluster.Completed, $"seed {seed}");

            // One more is there until the record names the one that takes its place, and its files are removed.
            Assert.IsGreaterThanOrEqualTo(retained, most, $"seed {seed}");
            Assert.IsLessThanOrEqualTo(retained + 2, most, $"seed {seed}");
            Assert.IsEmpty(cluster.Checkpoints.Files, $"seed {seed}: files are left of a job that has finished");
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_job_that_was_canceled_leaves_its_checkpoints_if_it_is_to(bool retain)
    {
        SimulatedCluster cluster = Cluster(
            seed: 2, settings => settings with { Retained = 2, RetainOnCancellation = retain }, failures: 10);
        cluster.Run((() => cluster.Completed >= 5 && cluster.Details.Checkpoints!.Failed > 0, cluster.Cancel));

        Assert.AreEqual(JobStatus.Canceled, cluster.Status);
        RequireFiles(cluster, retain ? cluster.Recorded : []);
        Assert.HasCount(2, cluster.Recorded);
    }

    [TestMethod]
    public void A_job_that_failed_leaves_nothing_but_what_it_could_go_on_from()
    {
        int kept = 0;
        for (int seed = 0; seed < 8; seed++)
        {
            SimulatedCluster cluster = Cluster(
                seed, settings => settings with { Retained = 2, ToleratedFailures = 0 }, failures: 15, restarts: 0);
            cluster.Run();

            // One that no write fails of finishes, and leaves nothing.
            bool hasFailed = cluster.Status == JobStatus.Failed;
            RequireFiles(cluster, hasFailed ? cluster.Recorded : []);
            kept += hasFailed ? cluster.Recorded.Length : 0;
        }

        Assert.IsGreaterThan(2, kept);
    }

    // Of a checkpoint that was given up, of a process that was paused, of somebody else.
    [TestMethod]
    public void Whoever_takes_over_removes_what_older_epochs_left_behind()
    {
        SimulatedCluster paused = Cluster(seed: 6, settings => settings with { Retained = 2 });
        paused.RunUntil(() => paused.Completed >= 4);
        SimulatedCluster cluster = paused.TakeOver();
        string[] leftovers =
        [
            PathOf(paused, "chk-1-1/late.state"),
            PathOf(paused, "chk-999-1/metadata.json"),
        ];
        string foreign = PathOf(paused, "notes.txt");
        string later = PathOf(paused, "chk-2-9/of-a-later-epoch.state");
        foreach (string path in leftovers.Append(foreign).Append(later))
        {
            paused.Checkpoints.Place(path);
        }

        cluster.RunUntil(() => cluster.Details.Status == JobStatus.Running && cluster.Completed > 0);

        foreach (string path in leftovers)
        {
            CollectionAssert.DoesNotContain(cluster.Checkpoints.Files.ToArray(), path);
        }

        CollectionAssert.Contains(cluster.Checkpoints.Files.ToArray(), foreign);
        CollectionAssert.Contains(cluster.Checkpoints.Files.ToArray(), later);
        cluster.Run();
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
        Assert.IsEmpty(cluster.Checkpoints.Files);
    }

    // It was paused in the middle of something, finds out that it is not in charge, and stops.
    [TestMethod]
    public void Somebody_paused_who_goes_on_after_a_take_over_changes_nothing()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            Ledger ledger = new();
            SimulatedCluster paused = new(
                new SimulatedExecution(seed),
                silos: 2,
                parallelism: 1 + (seed % 3),
                env => NumberedRows.Define(env, ledger.Sink()));
            paused.RunUntil(() => paused.Completed >= 1 + (seed % 4));
            SimulatedCluster cluster = paused.TakeOver();
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.AreEqual(JobStatus.Suspended, paused.Status, $"seed {seed}");
            CollectionAssert.AreEquivalent(NumberedRows.Expected(), ledger.Rows.ToArray(), $"seed {seed}");

            // What somebody writes who was paused until the job had ended is left until the job is forgotten.
            Assert.IsTrue(
                cluster.Checkpoints.Files.All(path => path.Contains("-1/", StringComparison.Ordinal)), $"seed {seed}");
        }
    }

    private static SimulatedCluster Cluster(
        int seed, Func<CheckpointSettings, CheckpointSettings> configure, int failures = 0, int restarts = 100) => new(
        new SimulatedExecution(seed),
        silos: 2,
        parallelism: 2,
        env =>
        {
            NumberedRows.Define(env, new RowTable().Sink(), configure);
            env.SetRestartStrategy(restarts == 0
                ? RestartSettings.None
                : RestartSettings.FixedDelay(restarts, TimeSpan.FromMilliseconds(5)));
        },
        new SimulatedShape { CheckpointFailures = failures });

    private static IEnumerable<string> Completed(SimulatedCluster cluster) =>
        cluster.Checkpoints.Files.Where(path => path.EndsWith("metadata.json", StringComparison.Ordinal));

    private static string PathOf(SimulatedCluster cluster, string file) =>
        $"{Completed(cluster).First().Split('/')[0]}/{file}";

    // Of earlier checkpoints those files are there that the ones which are kept build upon, and no others.
    private static void RequireFiles(SimulatedCluster cluster, ImmutableArray<RetainedCheckpoint> kept)
    {
        string[] metadata = [.. Completed(cluster)];
        CollectionAssert.AreEquivalent(
            kept.Select(one => one.Reference).ToArray(),
            metadata.Select(path => CheckpointFiles.CheckpointOf(NameOf(path))).ToArray());
        string named = string.Concat(metadata.Select(path => TextOf(cluster, path)));
        foreach (string path in cluster.Checkpoints.Files.Except(metadata))
        {
            StringAssert.Contains(named, NameOf(path), "a file that no checkpoint refers to");
        }
    }

    private static string NameOf(string path) => path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static string TextOf(SimulatedCluster cluster, string path) => Encoding.UTF8.GetString(
        cluster.Checkpoints.ReadAsync(JobId.Parse(path.Split('/')[0]), NameOf(path), CancellationToken.None)
            .GetAwaiter().GetResult());
}
