using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>What subtasks hear of checkpoints.</content>
internal sealed partial class JobMaster
{
    // Nothing depends on it: a subtask that hears nothing saves more than it had to.
    private void TellTasks(long ended)
    {
        long over = Math.Min(ended, _checkpoints.OldestPending - 1);
        foreach (string silo in _graph.Silos)
        {
            ImmutableArray<ExecutionAttemptId> attempts =
            [
                .. _graph.On(silo)
                    .Where(static one => one.State == ExecutionState.Running)
                    .Select(static one => one.Id),
            ];
            if (!attempts.IsEmpty)
            {
                Do(new JobEffect.NotifyCheckpoint(
                    silo,
                    new CheckpointNotice(_submission.Job, _epoch, _latest?.Number ?? 0, over, attempts)));
            }
        }
    }
}
