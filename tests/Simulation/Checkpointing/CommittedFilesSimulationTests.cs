using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Jobs whose files the user takes away as soon as they are visible, and hidden ones that somebody still
/// needs.</summary>
[TestClass]
public sealed class CommittedFilesSimulationTests
{
    [TestMethod]
    public void Whoever_takes_over_does_not_look_for_files_that_were_visible_and_are_moved()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using FileJob job = new(new UnevenSource(200, 300));
            SimulatedCluster paused = job.Begin(seed);
            paused.RunUntil(() => paused.Completed >= 3 && FileJob.IsCommitted(paused));
            Assert.IsGreaterThan(0, job.MoveAway(), $"seed {seed}: visible files");
            SimulatedCluster cluster = paused.TakeOver();
            cluster.Run();

            job.RequireRows(cluster, $"seed {seed}");
        }
    }

    // A second time before there is another checkpoint: what the first take-over went on from is not committed again.
    [TestMethod]
    public void A_restart_behind_a_take_over_does_not_look_for_moved_files()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using FileJob job = new(new UnevenSource(200, 300));
            SimulatedCluster paused = job.Begin(seed);
            paused.RunUntil(() => paused.Completed >= 3 && job.Rows.Length > 20);
            SimulatedCluster cluster = paused.TakeOver();
            cluster.RunUntil(() => cluster.IsAtWork);
            Assert.IsGreaterThan(0, job.MoveAway(), $"seed {seed}: visible files");
            cluster.FailNow("restart");
            cluster.Run();

            job.RequireRows(cluster, $"seed {seed}");
        }
    }

    [TestMethod]
    public void A_job_goes_on_from_a_kept_checkpoint_whose_files_are_moved()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using FileJob job = new(new UnevenSource(200, 300));
            SimulatedCluster canceled = job.Begin(seed, settings => settings with { RetainOnCancellation = true });
            canceled.Run((() => canceled.Completed >= 3 && job.Rows.Length > 20, canceled.Cancel));
            Assert.AreEqual(JobStatus.Canceled, canceled.Status, $"seed {seed}");
            Assert.IsGreaterThan(0, job.MoveAway(), $"seed {seed}: visible files");

            SimulatedCluster cluster = job.GoOn(canceled, canceled.FolderOf(canceled.Recorded[0].Reference));
            cluster.Run();

            job.RequireRows(cluster, $"seed {seed}");
        }
    }

    // What a finished subtask has left is part of the kept checkpoint, also for somebody who has not read it.
    [TestMethod]
    public void Files_that_a_kept_checkpoint_needs_outlive_a_job_that_is_canceled_right_after_a_take_over()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using FileJob job = new(new UnevenSource(25, 300));
            SimulatedCluster paused = job.Begin(seed, settings => settings with { RetainOnCancellation = true });
            paused.RunUntil(() => FileJob.HasFinished(paused, 0)
                && paused.Completed >= 5 && FileJob.IsCommitted(paused));
            SimulatedCluster canceled = paused.TakeOver();
            canceled.Run((static () => true, canceled.Cancel));
            Assert.AreEqual(JobStatus.Canceled, canceled.Status, $"seed {seed}");
            Assert.IsTrue(
                Array.Exists(job.Hidden, name => name.Contains("-part-00000", StringComparison.Ordinal)),
                $"seed {seed}: the files of the subtask that has finished");

            SimulatedCluster cluster = job.GoOn(canceled, canceled.FolderOf(canceled.Recorded[0].Reference));
            cluster.Run();

            job.RequireRows(cluster, $"seed {seed}");
        }
    }

    // The checkpoint is complete, and its results never became visible: they are all there is of these rows.
    [TestMethod]
    public void Files_that_a_kept_checkpoint_commits_outlive_a_job_that_could_not_commit_them()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using FileJob job = new(new UnevenSource(200, 300));
            SimulatedCluster failed = job.BeginOnce(
                seed, settings => settings with { RetainOnCancellation = true });
            failed.RunUntil(() => failed.Completed >= 3 && job.Rows.Length > 20);
            job.PutInTheWay();
            failed.Run();
            Assert.AreEqual(JobStatus.Failed, failed.Status, $"seed {seed}");
            job.Clear();

            SimulatedCluster cluster = job.GoOn(failed, failed.FolderOf(failed.Recorded[0].Reference));
            cluster.Run();

            job.RequireRows(cluster, $"seed {seed}");
        }
    }

    // The savepoint is of the user, and so is what is visible: neither the job's end nor another job asks for it.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void What_a_finished_subtask_had_written_is_visible_with_a_savepoint(bool isCanceled)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            string what = $"seed {seed}";
            using FileJob job = new(new UnevenSource(25, 300));
            SimulatedCluster first = job.Begin(seed);
            first.RunUntil(() => FileJob.HasFinished(first, 0) && first.Completed >= 3);
            SavepointId id = first.Ask(SavepointKind.Continue);
            first.RunUntil(() => first.ProgressOf(id)!.State != SavepointState.InProgress);
            SavepointProgress taken = first.ProgressOf(id)!;
            Assert.AreEqual(SavepointState.Completed, taken.State, $"{what}: {taken.Failure}");
            CollectionAssert.IsSubsetOf(job.Expected[..25], job.Rows, $"{what}: rows of the finished subtask");
            job.MoveAway();
            if (isCanceled)
            {
                first.Cancel();
                first.Run();
                Assert.AreEqual(JobStatus.Canceled, first.Status, what);
                int visible = job.Rows.Length;
                SimulatedCluster next = job.GoOn(first, taken.Path!);
                next.Run();

                Assert.AreEqual(JobStatus.Finished, next.Status, $"{what}: {next.Failure}");
                CollectionAssert.AreEquivalent(job.Expected, job.Rows.Distinct().ToArray(), what);
                CollectionAssert.AllItemsAreUnique(
                    job.Rows.Where(row => row.Length < 3).ToArray(), $"{what}: rows of the finished subtask");
                Assert.IsGreaterThan(0, visible, what);
                continue;
            }

            first.Run();

            job.RequireRows(first, what);
        }
    }

    // It runs again with each restart, and tells again of what it had left before.
    [TestMethod]
    public void What_a_savepoint_has_made_visible_is_not_looked_for_behind_restarts()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            using FileJob job = new(
                new UnevenSource(75, 400) { Delay = TimeSpan.FromMilliseconds(100), Late = 60 });
            SimulatedCluster cluster = job.Begin(seed);
            for (int restart = 0; restart < 2; restart++)
            {
                cluster.RunUntil(() => FileJob.HasFinished(cluster, 0));
                int completed = cluster.Completed + 2;
                cluster.RunUntil(() => cluster.Completed >= completed);
                SavepointId id = cluster.Ask(SavepointKind.Continue);
                cluster.RunUntil(() => cluster.ProgressOf(id)!.State != SavepointState.InProgress);
                Assert.AreEqual(
                    SavepointState.Completed, cluster.ProgressOf(id)!.State, $"{cluster.ProgressOf(id)!.Failure}");
                job.MoveAway();
                cluster.FailNow("restart");
                cluster.RunUntil(() => cluster.Status != JobStatus.Running);
            }

            cluster.Run();

            job.RequireRows(cluster, $"seed {seed}");
            Assert.AreEqual(2, cluster.Details.Restarts, $"seed {seed}");
        }
    }
}
