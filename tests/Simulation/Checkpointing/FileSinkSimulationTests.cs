using Millrace.Connectors;
using Millrace.Connectors.Files;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Jobs that write files, through failures: every row is in the visible files once.</summary>
[TestClass]
public sealed class FileSinkSimulationTests
{
    // One subtask has finished before the other has written anything: it runs again with each restart, as there may be
    // more for it, and its last file waits for the end of the job.
    [TestMethod]
    public void A_subtask_that_finished_early_keeps_its_files_through_two_restarts()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using TemporaryDirectory directory = new();
            UnevenSource source = new(75, 100) { Delay = TimeSpan.FromMilliseconds(300), Late = 60 };
            SimulatedCluster cluster = Cluster(seed, directory, source);
            for (int restart = 0; restart < 2; restart++)
            {
                // The latest checkpoint has it as finished.
                cluster.RunUntil(() => FileJob.HasFinished(cluster, 0));
                int completed = cluster.Completed + 2;
                cluster.RunUntil(() => cluster.Completed >= completed);
                cluster.FailNow("restart");
            }

            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.AreEqual(2, cluster.Details.Restarts, $"seed {seed}");
            RequireRows(directory, source, $"seed {seed}");
        }
    }

    // Each subtask is a region: what one has begun to write stands there, hidden, while the other one commits.
    [TestMethod]
    public void A_subtask_that_runs_again_alone_writes_its_rows_once_and_leaves_nothing_hidden()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            using TemporaryDirectory directory = new();
            UnevenSource source = new(120, 180);
            var faults = new Faults(count: 3, every: 61 + seed);
            SimulatedCluster cluster = Cluster(seed, directory, source, pass: faults.Pass);
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.AreEqual(cluster.Details.Restarts, cluster.RestartNotes.Count, $"seed {seed}");
            Assert.IsGreaterThan(1, cluster.RestartNotes.Count, $"seed {seed}");
            RequireRows(directory, source, $"seed {seed}");
        }
    }

    [TestMethod]
    public void Whoever_takes_over_finds_the_files_of_a_subtask_that_finished_early()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using TemporaryDirectory directory = new();
            UnevenSource source = new(25, 300);
            SimulatedCluster paused = Cluster(seed, directory, source);
            paused.RunUntil(() => paused.Completed >= 3 && FileJob.HasFinished(paused, 0));
            SimulatedCluster cluster = paused.TakeOver();
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            RequireRows(directory, source, $"seed {seed}");
        }
    }

    // Rows of the damaged checkpoint are visible and come again; none is lost, and no file stands in the way.
    [TestMethod]
    public void A_job_that_may_repeat_results_writes_them_into_further_files()
    {
        using TemporaryDirectory directory = new();
        UnevenSource source = new(100, 200);
        SimulatedCluster cluster = Cluster(
            seed: 1,
            directory,
            source,
            settings => settings with { Retained = 2, Fallback = CheckpointFallback.Always });
        cluster.RunUntil(() => cluster.Completed >= 4 && FileJob.RowsIn(directory).Length > 30);
        cluster.Checkpoints.RemoveMetadata(cluster.Recorded[0].Reference);
        SimulatedCluster after = cluster.TakeOver();
        after.Run();

        Assert.AreEqual(JobStatus.Finished, after.Status, $"{after.Failure}");
        CollectionAssert.AreEquivalent(
            source.All.Select(FileJob.Text).ToArray(),
            FileJob.RowsIn(directory).Distinct().ToArray(),
            "rows without repetitions");
        Assert.IsGreaterThan(source.All.Count(), FileJob.RowsIn(directory).Length, "nothing was repeated");
    }

    // What a finished subtask has left is part of the checkpoint: whoever goes on from it commits it.
    [TestMethod]
    public void Files_that_a_kept_checkpoint_tells_of_outlive_the_job()
    {
        using TemporaryDirectory directory = new();
        UnevenSource source = new(25, 300);
        SimulatedCluster cluster = Cluster(
            seed: 2, directory, source, settings => settings with { RetainOnCancellation = true });
        cluster.Run((
            () => cluster.Completed >= 3 && FileJob.HasFinished(cluster, 0) && cluster.Recorded.Length > 0,
            cluster.Cancel));

        Assert.AreEqual(JobStatus.Canceled, cluster.Status);
        string[] hidden = [.. Directory.GetFiles(directory.FullPath, ".*").Select(path => Path.GetFileName(path))];
        Assert.IsTrue(hidden.Any(name => name.Contains("-part-00000", StringComparison.Ordinal)));
        Assert.IsFalse(hidden.Any(name => name.Contains("-part-00001", StringComparison.Ordinal)));
    }

    private static SimulatedCluster Cluster(
        int seed,
        TemporaryDirectory directory,
        UnevenSource source,
        Func<CheckpointSettings, CheckpointSettings>? configure = null,
        Func<long, long>? pass = null) => new(
        new SimulatedExecution(seed),
        silos: 2,
        parallelism: 2,
        env => env.SetRuntimeMode(RuntimeMode.Streaming)
            .EnableCheckpointing(TimeSpan.FromMilliseconds(20), configure)
            .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)))
            .FromSource(source)
            .Map(pass ?? (static value => value))
            .SinkTo(FileSink.Text(directory.FullPath).For<long>()));

    private static void RequireRows(TemporaryDirectory directory, UnevenSource source, string what)
    {
        CollectionAssert.AreEquivalent(source.All.Select(FileJob.Text).ToArray(), FileJob.RowsIn(directory), what);
        Assert.IsEmpty(Directory.GetFiles(directory.FullPath, ".*"), $"{what}: hidden files are left");
    }
}
