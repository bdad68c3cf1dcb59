using Microsoft.Extensions.Time.Testing;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Statistics;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>Steps of a job master whose job has three chains of a source and a sink: regions, each on a silo of its
/// own.</summary>
[TestClass]
public sealed partial class JobMasterRegionTests
{
    private const int Chains = 3;

    private readonly FakeTimeProvider _time = new();
    private readonly JobMaster _master;
    private readonly List<JobEffect> _effects = [];
    private JobTimer _turn;

    public JobMasterRegionTests()
    {
        JobGraph graph = Plans.Of(
            [("source", Chains, "default"), ("sink", Chains, "default")], ("source", "sink", PartitionerKind.Forward));
        graph = graph with
        {
            Settings = graph.Settings with { Checkpoints = new CheckpointSettings(TimeSpan.FromSeconds(1)) },
        };
        _master = new JobMaster(
            Plans.Submission(graph, RestartSettings.FixedDelay(2, TimeSpan.FromSeconds(3))),
            new JobStart(new JobEpoch(1), _time.GetUtcNow()),
            new JobOptions(),
            TimeSpan.FromMinutes(1),
            _time);
        Post(new JobEvent.Begun());
        Post(new JobEvent.Prepared(0, HasCommitters: true));
        Post(new JobEvent.RecordWritten(RecordStep.Prepared));
        Post(new JobEvent.SlotsGranted(0, [.. Enumerable.Range(0, Chains).Select(i => Slot($"silo{i}"))]));
        foreach (JobEffect.Deploy deploy in Taken<JobEffect.Deploy>())
        {
            Post(new JobEvent.Deployed(deploy));
        }

        Run(Attempts());
        Taken<JobEffect>();
    }

    [TestMethod]
    public void A_region_that_fails_is_stopped_recorded_waited_for_and_deployed_where_it_was_while_others_go_on()
    {
        Fail("sink", 1);

        JobEffect.Cancel cancel = _effects.OfType<JobEffect.Cancel>().Single();
        Assert.AreEqual("silo1", cancel.Silo);
        Assert.AreEqual(Id("source", 1, 0), cancel.Attempts.Single());
        JobEffect.NoteRestart note = _effects.OfType<JobEffect.NoteRestart>().Single();
        CollectionAssert.AreEqual(new[] { 1 }, note.Regions.ToArray());
        Assert.AreEqual((3, 2, 1), (note.Of, note.Subtasks, note.Attempt));
        Assert.AreEqual(1, _effects.OfType<JobEffect.Write>().Single().Change.Attempt);
        Assert.AreEqual(JobStatus.Running, _master.Status);

        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Ended("source", 1, 0);
        Assert.IsEmpty(_effects.OfType<JobEffect.Deploy>(), "before its time");
        DelayOver();
        JobEffect.Deploy deploy = Taken<JobEffect.Deploy>().Single();
        Assert.AreEqual("silo1", deploy.Silo);
        CollectionAssert.AreEquivalent(
            new[] { Id("source", 1, 1), Id("sink", 1, 1) }, deploy.Attempts.ToArray());
        Post(new JobEvent.Deployed(deploy));
        JobEffect.Start start = _effects.OfType<JobEffect.Start>().Single();
        CollectionAssert.AreEquivalent(deploy.Attempts.ToArray(), start.Attempts.ToArray());

        CollectionAssert.AreEqual(new[] { 0, 1, 0 }, AttemptsOf("source"));
        Assert.AreEqual(1, _master.Restarts);
        CollectionAssert.AreEqual(new[] { 1 }, _master.Details().Failures.Single().Regions!.ToArray());
    }

    [TestMethod]
    public void What_else_fails_in_a_region_that_stops_is_not_counted_and_neither_is_what_it_says_late()
    {
        Fail("sink", 1);
        Fail("source", 1);
        Post(new JobEvent.Reported(new TaskReport(Id("sink", 1, 0), ExecutionState.Failed, Failure("late"), null)));

        Assert.AreEqual(1, _master.Restarts);
        Assert.HasCount(1, _effects.OfType<JobEffect.NoteRestart>());
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        DelayOver();
        Assert.HasCount(1, _effects.OfType<JobEffect.Deploy>());
    }

    [TestMethod]
    public void Failures_of_several_regions_are_counted_one_by_one_until_the_strategy_says_no()
    {
        Fail("sink", 0);
        Fail("sink", 1);
        Assert.AreEqual(2, _master.Restarts);
        Assert.AreEqual(JobStatus.Running, _master.Status);
        Fail("sink", 2);
        Assert.AreEqual(JobStatus.Failing, _master.Status);
    }

    [TestMethod]
    public void A_failure_that_no_restart_helps_against_fails_the_job()
    {
        Post(new JobEvent.Reported(new TaskReport(
            Id("sink", 1, 0),
            ExecutionState.Failed,
            Failure("no use") with { Recovery = Recovery.Fail },
            null)));

        Assert.AreEqual(JobStatus.Failing, _master.Status);
        Assert.AreEqual("no use", _master.Details().Failure!.Message);
    }

    // The three parts of each region that have come are for nothing; the next checkpoint waits until all are at work.
    [TestMethod]
    public void A_checkpoint_under_way_is_given_up_and_what_comes_of_it_late_changes_nothing()
    {
        Trigger();
        Post(new JobEvent.SourcesSnapshotted(1, [], null));
        Part("source", 0, 0, checkpoint: 1);
        Part("sink", 0, 0, checkpoint: 1);
        Fail("sink", 1);

        CheckpointStatistics given = _master.CheckpointHistory().Checkpoints.Single();
        Assert.AreEqual(CheckpointFailureReason.SubtasksRestarted, given.Reason);
        Assert.AreEqual(0, _master.Overview.Failed);
        Assert.HasCount(1, _effects.OfType<JobEffect.SettleSources>());
        Assert.IsTrue(_effects.OfType<JobEffect.NotifyCheckpoint>().All(
            told => told.Notice is { Ended: 1, Completed: 0 } && told.Silo != "silo1"));
        Part("sink", 2, 0, checkpoint: 1);
        Part("source", 2, 0, checkpoint: 1);
        Part("sink", 1, 0, checkpoint: 1);
        Part("source", 1, 0, checkpoint: 1);
        Trigger();
        Assert.IsEmpty(_effects.OfType<JobEffect.StoreCheckpoint>());
        Assert.HasCount(1, _effects.OfType<JobEffect.SnapshotSources>());

        Restarted(1);
        Trigger();
        Post(new JobEvent.SourcesSnapshotted(2, [], null));
        foreach (ExecutionAttemptId attempt in Attempts())
        {
            Part(attempt, checkpoint: 2);
        }

        // Of the sinks that went on both, of the one that began anew the second.
        CheckpointMetadata metadata = _effects.OfType<JobEffect.StoreCheckpoint>().Single().Metadata;
        CollectionAssert.AreEquivalent(
            new[] { "0.0.1", "2.0.1", "0.0.2", "1.1.2", "2.0.2" },
            metadata.Committables.Single().Items.Select(item => string.Join('.', item)).ToArray());
    }

    [TestMethod]
    public void Readers_begin_anew_from_the_completed_checkpoint_and_only_those_of_the_region()
    {
        Complete(1);
        Fail("sink", 2);

        JobEffect.ResetReaders reset = _effects.OfType<JobEffect.ResetReaders>().Single();
        Assert.AreEqual(1, reset.Attempt);
        Assert.AreEqual(Plans.OperatorIdOf("source"), reset.Readers.Single().Key);
        Assert.AreEqual(2, reset.Readers.Single().Single());
        Post(new JobEvent.RecordWritten(RecordStep.Checkpointed));
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Ended("source", 2, 0);
        DelayOver();
        Assert.HasCount(2, _effects.OfType<JobEffect.Deploy>().Single().List.Restored!);
    }

    [TestMethod]
    public void A_lost_silo_is_replaced_by_a_slot_that_nobody_of_the_job_uses()
    {
        Post(new JobEvent.SiloLost("silo1", "silo1"));
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        DelayOver();

        Assert.IsEmpty(_effects.OfType<JobEffect.Deploy>());
        Assert.HasCount(1, _effects.OfType<JobEffect.RequestSlots>());
        Post(new JobEvent.SlotsGranted(0, [Slot("silo0"), Slot("silo2"), Slot("silo3", 4)]));
        JobEffect.Deploy deploy = Taken<JobEffect.Deploy>().Single();
        Assert.AreEqual("silo3", deploy.Silo);
        Assert.IsTrue(deploy.List.Tasks.All(task => task.Slot == 4));
        Assert.AreEqual(1, _master.Restarts);
    }

    // The connection breaks first, and the loss has its name later.
    [TestMethod]
    public void The_same_loss_is_counted_once()
    {
        FailureInfo broken = Failure("broken") with { TypeName = "Millrace.Network.SiloConnectionLostException" };
        Post(new JobEvent.Reported(new TaskReport(Id("sink", 0, 0), ExecutionState.Failed, broken, null)));
        Post(new JobEvent.Reported(new TaskReport(Id("sink", 1, 0), ExecutionState.Failed, broken, null)));
        Fail("sink", 2);

        Assert.AreEqual(JobStatus.Running, _master.Status, "two failures are allowed");
    }

    [TestMethod]
    public void A_slot_that_was_given_up_with_its_subtask_is_not_used_again()
    {
        Fail("sink", 1);
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        DelayOver();
        Post(new JobEvent.Reported(new TaskReport(
            Id("source", 1, 0),
            ExecutionState.Canceled,
            FailureInfo.Of(new TaskCancellationTimeoutException("it", TimeSpan.FromSeconds(1))),
            null)));

        Assert.IsEmpty(_effects.OfType<JobEffect.Deploy>());
        Assert.HasCount(1, _effects.OfType<JobEffect.RequestSlots>());
        Post(new JobEvent.SlotsGranted(0, [Slot("silo0"), Slot("silo2"), Slot("silo1", 3)]));
        Assert.IsTrue(_effects.OfType<JobEffect.Deploy>().Single().List.Tasks.All(task => task.Slot == 3));
    }

    // The attempt had ended when its report of a stop that took too long came: another one may have its slot.
    [TestMethod]
    public void A_late_report_gives_up_no_slot_that_its_attempt_does_not_hold_any_more()
    {
        Fail("sink", 1);
        Ended("source", 1, 0);
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Post(new JobEvent.Reported(new TaskReport(
            Id("source", 1, 0),
            ExecutionState.Canceled,
            FailureInfo.Of(new TaskCancellationTimeoutException("it", TimeSpan.FromSeconds(1))),
            null)));
        DelayOver();

        Assert.IsEmpty(_effects.OfType<JobEffect.RequestSlots>());
        Assert.AreEqual("silo1", _effects.OfType<JobEffect.Deploy>().Single().Silo);
    }

    // Its silo cancels a deployment as a whole.
    [TestMethod]
    public void A_region_that_was_to_be_built_with_one_that_failed_is_built_again_without_being_counted()
    {
        Post(new JobEvent.SiloLost("silo1", "silo1"));
        Post(new JobEvent.SiloLost("silo2", "silo2"));
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        DelayOver();
        Assert.AreEqual(2, _master.Restarts);
        Post(new JobEvent.SlotsGranted(0, [Slot("silo0"), Slot("silo0", 1), Slot("silo0", 2)]));
        JobEffect.Deploy[] deploys = Taken<JobEffect.Deploy>();
        Assert.HasCount(2, deploys);
        Fail("sink", 0);
        JobEffect.Deploy both = deploys[0] with
        {
            List = deploys[0].List with { Tasks = [.. deploys[0].List.Tasks, new TaskDeployment(Id("sink", 2, 0), 0)] },
        };
        Post(new JobEvent.DeploymentFailed(both, Failure("told to stop"), NothingBuilt: true));

        Assert.AreEqual(JobStatus.Running, _master.Status, "no failure is left to be allowed");
        Assert.AreEqual(4, _master.Restarts);
    }

    [TestMethod]
    public void A_job_that_is_canceled_waits_for_the_attempts_that_were_replaced()
    {
        Fail("sink", 1);
        Post(new JobEvent.CancelAsked());
        foreach (ExecutionAttemptId attempt in Attempts().Where(one => one.Attempt == 0).ToArray())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Canceled, null, null)));
        }

        Assert.IsEmpty(_effects.OfType<JobEffect.Abort>());
        Ended("source", 1, 0);
        Assert.HasCount(1, _effects.OfType<JobEffect.Abort>());
    }

    [TestMethod]
    public void A_damaged_checkpoint_that_a_region_finds_makes_all_of_the_job_begin_anew()
    {
        Complete(1);
        Post(new JobEvent.RecordWritten(RecordStep.Checkpointed));
        Fail("sink", 1);
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Ended("source", 1, 0);
        DelayOver();
        Post(new JobEvent.DeploymentFailed(
            Taken<JobEffect.Deploy>().Single(),
            FailureInfo.Of(new CheckpointCorruptedException("a file", "it is bad.")) with { IsOfRestore = true },
            NothingBuilt: true));

        Assert.AreNotEqual(JobStatus.Running, _master.Status);
        Assert.IsInstanceOfType<CheckpointNote.Damaged>(_effects.OfType<JobEffect.NoteCheckpoint>().Last().Note);
    }

    // The commit that was under way is still answered, and nobody else's answer ends it.
    [TestMethod]
    public void A_commit_whose_checkpoint_is_found_damaged_meanwhile_ends_with_its_answer()
    {
        Complete(1);
        Post(new JobEvent.RecordWritten(RecordStep.Checkpointed));
        Assert.HasCount(1, _effects.OfType<JobEffect.CommitCheckpoint>());
        Fail("sink", 1);
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Ended("source", 1, 0);
        DelayOver();
        Post(new JobEvent.DeploymentFailed(
            Taken<JobEffect.Deploy>().Single(),
            FailureInfo.Of(new CheckpointCorruptedException("a file", "it is bad.")) with { IsOfRestore = true },
            NothingBuilt: true));
        foreach (ExecutionAttemptId attempt in Attempts().ToArray())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Canceled, null, null)));
        }

        Assert.IsEmpty(_effects.OfType<JobEffect.Abort>(), "calls of a committer never overlap");
        Post(new JobEvent.CheckpointCommitted(1, null));
        Assert.HasCount(1, _effects.OfType<JobEffect.Abort>());
    }
}
