using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>Checkpoints that regions find damaged when they are to go on from them.</content>
public sealed partial class JobMasterRegionTests
{
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
