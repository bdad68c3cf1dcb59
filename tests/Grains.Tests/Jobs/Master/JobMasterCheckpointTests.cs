using Microsoft.Extensions.Time.Testing;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Graph;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>Steps of a job master that takes checkpoints of a source and a sink.</summary>
[TestClass]
public sealed class JobMasterCheckpointTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly JobMaster _master;
    private readonly List<JobEffect> _effects = [];

    public JobMasterCheckpointTests()
    {
        JobGraph graph = Plans.TwoStages(1, 1);
        graph = graph with
        {
            Settings = graph.Settings with { Checkpoints = new CheckpointSettings(TimeSpan.FromSeconds(1)) },
        };
        _master = new JobMaster(
            Plans.Submission(graph, RestartSettings.FixedDelay(3, TimeSpan.FromSeconds(1))),
            new JobStart(new JobEpoch(1), _time.GetUtcNow()),
            new JobOptions(),
            TimeSpan.FromMinutes(1),
            _time);
        Post(new JobEvent.Begun());
        Post(new JobEvent.Prepared(0, HasCommitters: true));
        Post(new JobEvent.RecordWritten(RecordStep.Prepared));
        Post(new JobEvent.SlotsGranted(0, [new GrantedSlot(new SiloEndpoint("silo", "x:1"), "silo", 0)]));
        Post(new JobEvent.Deployed(_effects.OfType<JobEffect.Deploy>().Single()));
        foreach (ExecutionAttemptId attempt in Attempts)
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Running, null, null)));
        }

        Trigger();
    }

    private IEnumerable<ExecutionAttemptId> Attempts => _master.Graph.All.Select(execution => execution.Id);

    // The answer to a report was lost, so it is sent again.
    [TestMethod]
    public void A_part_that_is_told_twice_is_committed_once()
    {
        Post(new JobEvent.SourcesSnapshotted(1, [], null));
        foreach (ExecutionAttemptId attempt in Attempts)
        {
            TaskReport report = new(
                attempt, ExecutionState.Running, null, null, Checkpoint: PartOf(attempt, checkpoint: 1));
            Post(new JobEvent.Reported(report));
            Post(new JobEvent.Reported(report));
        }

        JobEffect.StoreCheckpoint store = _effects.OfType<JobEffect.StoreCheckpoint>().Single();
        Assert.HasCount(2, store.Metadata.Committables.Single().Items.ToArray());
        Post(new JobEvent.CheckpointStored(1, null));
        Post(new JobEvent.CheckpointStored(1, null));
        Assert.HasCount(
            1, _effects.OfType<JobEffect.Write>().Where(static write => write.Change.Step == RecordStep.Checkpointed));
        Post(new JobEvent.RecordWritten(RecordStep.Checkpointed));
        Assert.HasCount(
            2, _effects.OfType<JobEffect.CommitCheckpoint>().Single().Committables.Single().Items.ToArray());
    }

    [TestMethod]
    public void The_timeout_of_a_checkpoint_is_not_waited_for_when_that_is_complete()
    {
        Complete(1);
        RequireTimeoutsEnded();
    }

    [TestMethod]
    public void The_timeout_of_a_checkpoint_is_not_waited_for_when_that_has_failed_or_the_job_stops()
    {
        Post(new JobEvent.SourcesSnapshotted(1, [], Failures.FailureInfo.Of(new IOException("no answer"))));
        RequireTimeoutsEnded();
        Trigger();
        Assert.HasCount(2, Timeouts().ToArray());
        Post(new JobEvent.CancelAsked());
        RequireTimeoutsEnded();
    }

    [TestMethod]
    public void An_order_that_reaches_no_silo_fails_its_checkpoint_at_once()
    {
        Post(new JobEvent.CheckpointTriggerFailed(1, Failures.FailureInfo.Of(new TimeoutException("no answer"))));

        Assert.AreEqual(1, _master.Details().Checkpoints!.Failed);
        Assert.AreEqual(
            Checkpointing.Statistics.CheckpointFailureReason.TriggerFailed,
            _master.CheckpointHistory().Checkpoints[0].Reason);
    }

    // Whatever its commit does, the job ends: the call itself is bounded by the commit timeout.
    [TestMethod]
    public void A_canceled_job_waits_for_the_commit_that_is_under_way_and_no_longer()
    {
        Complete(1);
        Post(new JobEvent.RecordWritten(RecordStep.Checkpointed));
        Post(new JobEvent.CancelAsked());
        foreach (ExecutionAttemptId attempt in Attempts.ToArray())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Canceled, null, null)));
        }

        Assert.IsEmpty(_effects.OfType<JobEffect.Abort>());
        Post(new JobEvent.CheckpointCommitted(1, Failures.FailureInfo.Of(new TimeoutException("left alone"))));
        Assert.HasCount(1, _effects.OfType<JobEffect.Abort>().ToArray());
    }

    // Only what was found by whoever was to go on from it is damage of the job's own checkpoint.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Damage_that_the_jobs_own_code_met_is_none_of_its_checkpoint(bool isOfRestore)
    {
        Complete(1);
        Post(new JobEvent.RecordWritten(RecordStep.Checkpointed));
        Post(new JobEvent.CheckpointCommitted(1, null));
        Post(new JobEvent.CommitMarked(new CheckpointReference(1, new JobEpoch(1))));
        Failures.FailureInfo damage = Failures.FailureInfo.Of(
            new CheckpointCorruptedException("/somewhere", "it is missing.")) with
        {
            IsOfRestore = isOfRestore,
        };
        JobEffect.Deploy deploy = Restart();

        Post(new JobEvent.DeploymentFailed(deploy, damage, NothingBuilt: true));

        Assert.HasCount(
            isOfRestore ? 1 : 0,
            _effects.OfType<JobEffect.NoteCheckpoint>().Select(static note => note.Note)
                .OfType<CheckpointNote.Damaged>().ToArray());
    }

    private JobEffect.Deploy Restart()
    {
        Post(new JobEvent.CoordinationFailed(0, Failures.FailureInfo.Of(new IOException("restart"))));
        foreach (ExecutionAttemptId attempt in Attempts.ToArray())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Canceled, null, null)));
        }

        Post(new JobEvent.Aborted(0, null));
        Post(new JobEvent.RecordWritten(RecordStep.Restarting));
        Post(new JobEvent.TimeUp(
            _effects.OfType<JobEffect.SetTimer>().Last(set => set.Timer.Kind == JobTimerKind.Restart).Timer));
        Post(new JobEvent.Prepared(1, HasCommitters: true));
        Post(new JobEvent.RecordWritten(RecordStep.Prepared));
        Post(new JobEvent.SlotsGranted(1, [new GrantedSlot(new SiloEndpoint("silo", "x:1"), "silo", 0)]));
        return _effects.OfType<JobEffect.Deploy>().Last();
    }

    private void Complete(long checkpoint)
    {
        Post(new JobEvent.SourcesSnapshotted(checkpoint, [], null));
        foreach (ExecutionAttemptId attempt in Attempts)
        {
            Post(new JobEvent.Reported(new TaskReport(
                attempt, ExecutionState.Running, null, null, Checkpoint: PartOf(attempt, checkpoint))));
        }

        Post(new JobEvent.CheckpointStored(checkpoint, null));
    }

    private void Trigger() => Post(new JobEvent.TimeUp(
        _effects.OfType<JobEffect.SetTimer>().Last(set => set.Timer.Kind == JobTimerKind.Checkpoint).Timer));

    private IEnumerable<JobTimer> Timeouts() => _effects.OfType<JobEffect.SetTimer>()
        .Select(set => set.Timer)
        .Where(timer => timer.Kind == JobTimerKind.CheckpointTimeout);

    private void RequireTimeoutsEnded() => CollectionAssert.AreEqual(
        Timeouts().ToArray(), _effects.OfType<JobEffect.CancelTimer>().Select(cancel => cancel.Timer).ToArray());

    private void Post(JobEvent happened) => _effects.AddRange(_master.Step(happened));

    private static SubtaskCheckpoint PartOf(ExecutionAttemptId attempt, long checkpoint) => new(
        checkpoint,
        new StateHandle(null, [], 0, 0),
        Failure: null,
        [new OperatorCommittables(Plans.OperatorIdOf("sink"), [[(byte)attempt.Subtask]])],
        Received: null);
}
