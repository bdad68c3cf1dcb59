using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

[TestClass]
public sealed class CheckpointCoordinatorTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly OperatorId Source = Plans.OperatorIdOf("source");
    private static readonly OperatorId Sink = Plans.OperatorIdOf("sink");
    private static readonly ExecutionAttemptId First = new(Plans.Job, Plans.VertexOf("source"), 0, 0);
    private static readonly ExecutionAttemptId Second = new(Plans.Job, Plans.VertexOf("source"), 1, 0);

    private readonly CheckpointCoordinator _coordinator = new(
        new CheckpointSettings(TimeSpan.FromSeconds(1)) { ToleratedFailures = 1 },
        new RetainedCheckpoint(4, new JobEpoch(1), Now, TimeSpan.FromSeconds(2), 99, Commits: false));

    [TestMethod]
    public void It_is_complete_with_the_sources_and_a_part_of_each_subtask()
    {
        PendingCheckpoint pending = _coordinator.Begin([First, Second], Now);
        Assert.AreEqual(5, pending.Number);
        _coordinator.Take(First, Part(5));
        pending.Take(Second, TaskResult.Nothing);
        Assert.IsFalse(pending.IsComplete);
        pending.Take([]);

        Assert.IsTrue(pending.IsComplete);
        Assert.IsNotNull(pending.StateOf(First).State);
        Assert.AreSame(TaskResult.Nothing, pending.StateOf(Second).Finished);
    }

    [TestMethod]
    public void A_part_of_another_checkpoint_completes_nothing()
    {
        PendingCheckpoint pending = _coordinator.Begin([First], Now);
        pending.Take([]);
        _coordinator.Take(First, Part(4));
        _coordinator.Take(Second, Part(5));

        Assert.IsFalse(pending.IsComplete);
    }

    // The files of a checkpoint that was given up hold records that no other one tells of.
    [TestMethod]
    public void What_sinks_leave_is_kept_until_a_checkpoint_is_complete_whichever_it_is()
    {
        _coordinator.Begin([First], Now);
        _coordinator.Take(First, Part(5, committable: 1));
        Assert.IsFalse(_coordinator.Failed());
        _coordinator.Begin([First], Now);
        _coordinator.Take(First, Part(6, committable: 2));
        byte[][] items = [.. _coordinator.Uncommitted(6).Single().Items];

        CollectionAssert.AreEqual(new byte[] { 1, 2 }, items.SelectMany(item => item).ToArray());
        _coordinator.Completed(Metadata(6));
        Assert.IsEmpty(_coordinator.Uncommitted(long.MaxValue));
    }

    // It writes them again; what the other one has written stays.
    [TestMethod]
    public void What_the_sink_of_a_subtask_that_begins_anew_has_left_does_not_count()
    {
        _coordinator.Begin([First, Second], Now);
        _coordinator.Take(First, Part(5, committable: 1));
        _coordinator.Take(Second, Part(5, committable: 2));
        _coordinator.Abandon();
        _coordinator.Reset(new HashSet<ExecutionAttemptId> { First });

        CollectionAssert.AreEqual(new byte[] { 2 }, _coordinator.Uncommitted(5).Single().Items.Single());
    }

    [TestMethod]
    public void More_failures_in_a_row_than_are_tolerated_fail_the_job()
    {
        _coordinator.Begin([First], Now);
        Assert.IsFalse(_coordinator.Failed());
        _coordinator.Begin([First], Now);
        _coordinator.Completed(Metadata(6));
        _coordinator.Begin([First], Now);
        Assert.IsFalse(_coordinator.Failed());
        _coordinator.Begin([First], Now);
        Assert.IsTrue(_coordinator.Failed());
    }

    [TestMethod]
    public void Splits_that_readers_had_not_got_go_back_to_the_source()
    {
        PendingCheckpoint pending = _coordinator.Begin([First, Second], Now);
        pending.Take([new SourceSnapshot(
            Source,
            [9],
            [[7]],
            [new GivenSplit(0, 0, [1]), new GivenSplit(0, 1, [2]), new GivenSplit(1, 0, [3])])]);
        _coordinator.Take(First, Part(5) with { Received = new SplitsReceived(Source, 1) });
        pending.Take(Second, TaskResult.Nothing);

        SourceState state = pending.Sources().Single();
        CollectionAssert.AreEqual(new byte[] { 7, 2 }, state.Returned.SelectMany(split => split).ToArray());
    }

    // Whoever takes over shows what the record tells, until there is a newer one.
    [TestMethod]
    public void The_latest_of_an_older_epoch_is_shown_and_numbers_go_on_from_it()
    {
        Assert.AreEqual(
            new CompletedCheckpoint(4, Now, TimeSpan.FromSeconds(2), 99), _coordinator.Overview.Latest);
        Assert.AreEqual(5, _coordinator.OldestPending);
    }

    private static CheckpointMetadata Metadata(long number) =>
        new(Plans.Job, "test", number, new JobEpoch(2), Now, [], [], []);

    private static SubtaskCheckpoint Part(long checkpoint, byte? committable = null) => new(
        checkpoint,
        new StateHandle(null, [], 0, 0),
        Failure: null,
        committable is { } item ? [new OperatorCommittables(Sink, [[item]])] : [],
        Received: null);
}
