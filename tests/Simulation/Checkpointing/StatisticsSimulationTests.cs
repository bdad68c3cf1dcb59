using Millrace.Checkpointing.Statistics;
using Millrace.Jobs;
using Millrace.Jobs.Master;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>What a job tells of its checkpoints.</summary>
[TestClass]
public sealed class StatisticsSimulationTests
{
    [TestMethod]
    public void Each_checkpoint_is_told_with_the_part_of_each_subtask()
    {
        SimulatedCluster cluster = new(
            new SimulatedExecution(1),
            silos: 2,
            parallelism: 2,
            env => NumberedRows.Define(env, new RowTable().Sink()));
        cluster.RunUntil(() => cluster.History.Overview!.Completed >= 6);

        CheckpointStatistics[] completed =
            [.. cluster.History.Checkpoints.Where(one => one.Status == CheckpointStatus.Completed)];
        Assert.IsGreaterThanOrEqualTo(5, completed.Length);
        CollectionAssert.AreEqual(
            completed.Select(one => one.Number).OrderDescending().ToArray(),
            completed.Select(one => one.Number).ToArray());
        Assert.AreEqual(cluster.History.Overview!.Latest!.Number, completed[0].Number);
        Assert.AreEqual(cluster.History.Overview.Latest.Bytes, completed[0].Bytes);
        foreach (CheckpointStatistics one in completed)
        {
            CheckpointStatistics whole = cluster.FindCheckpoint(one.Number)!;
            Assert.IsTrue(one.Vertices.All(vertex => vertex.Subtasks.IsEmpty));
            Assert.AreEqual(one.Bytes, whole.Vertices.Sum(vertex => vertex.Subtasks.Sum(part => part.Bytes)));
            foreach (VertexCheckpoint vertex in whole.Vertices)
            {
                Assert.AreEqual(vertex.Parallelism, vertex.Told, vertex.Name);
                CollectionAssert.AreEqual(new[] { 0, 1 }, vertex.Subtasks.Select(part => part.Subtask).ToArray());
                Assert.IsTrue(vertex.Subtasks.All(part => part.Times is not null && part.After <= whole.Duration));
                Assert.IsTrue(vertex.Subtasks.All(part =>
                    part.Times!.Alignment + part.Times.Synchronous + part.Times.Asynchronous <= part.After));
            }

            // Two sources to align, and bytes that take their time to be stored.
            VertexCheckpoint keyed = whole.Vertices[^1];
            Assert.IsGreaterThan(TimeSpan.Zero, keyed.Longest.Alignment);
            Assert.IsGreaterThan(20 << 10, keyed.Bytes);
            Assert.IsGreaterThan(TimeSpan.Zero, keyed.Longest.Asynchronous);
            Assert.AreEqual(TimeSpan.Zero, whole.Vertices[0].Longest.Alignment);
        }
    }

    [TestMethod]
    public void What_failed_is_told_with_its_reason_and_no_more_than_the_last_ones_are_kept()
    {
        List<CheckpointFailureReason> reasons = [];
        for (int seed = 0; seed < 5; seed++)
        {
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed),
                silos: 2,
                parallelism: 2,
                env => NumberedRows.Define(
                    env, new RowTable().Sink(), settings => settings with { Timeout = TimeSpan.FromMilliseconds(45) }),
                new SimulatedShape { CheckpointFailures = 6, CheckpointDelay = TimeSpan.FromMilliseconds(20) });
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
            Assert.IsLessThanOrEqualTo(new JobOptions().CheckpointHistory, cluster.History.Checkpoints.Length);
            CheckpointNote.GaveUp[] gaveUp = [.. cluster.Notes.OfType<CheckpointNote.GaveUp>()];
            Assert.AreEqual(gaveUp.Length, cluster.History.Overview!.Failed);
            reasons.AddRange(gaveUp.Select(note => note.Reason));
            foreach (CheckpointStatistics failed in
                cluster.History.Checkpoints.Where(one => one.Status == CheckpointStatus.Failed))
            {
                Assert.IsNotNull(failed.Reason);
                Assert.AreEqual(
                    failed.Reason is CheckpointFailureReason.JobStopped or CheckpointFailureReason.SubtasksEnding,
                    failed.Failure is null);
            }
        }

        CollectionAssert.AreEquivalent(
            new[]
            {
                CheckpointFailureReason.Expired,
                CheckpointFailureReason.StateNotStored,
                CheckpointFailureReason.MetadataNotStored,
            },
            reasons.Distinct().ToArray());
    }

    // Watchers of a job wait for another version.
    [TestMethod]
    public void Each_end_of_a_checkpoint_is_a_change_of_the_job()
    {
        SimulatedCluster cluster = new(
            new SimulatedExecution(2),
            silos: 1,
            parallelism: 1,
            env => NumberedRows.Define(env, new RowTable().Sink()));
        cluster.RunUntil(() => cluster.History.Overview!.Completed == 1);
        long version = cluster.Details.Version;
        cluster.RunUntil(() => cluster.History.Overview!.Completed == 2);
        Assert.IsGreaterThan(version, cluster.Details.Version);
    }

    [TestMethod]
    public void Whoever_takes_over_shows_the_latest_one_of_the_record()
    {
        SimulatedCluster paused = new(
            new SimulatedExecution(4),
            silos: 1,
            parallelism: 1,
            env => NumberedRows.Define(env, new RowTable().Sink()));
        paused.RunUntil(() => paused.Completed >= 3);
        RetainedCheckpoint recorded = paused.Recorded[0];

        SimulatedCluster cluster = paused.TakeOver();

        Assert.AreEqual(recorded.Shown, cluster.Details.Checkpoints!.Latest);
        cluster.Run();
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
    }
}
