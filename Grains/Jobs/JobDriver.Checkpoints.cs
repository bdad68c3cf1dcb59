using Millrace.Failures;
using Millrace.Jobs.Master;

namespace Millrace.Jobs;

/// <content>What the master says about checkpoints.</content>
internal sealed partial class JobDriver
{
    private async Task DoCheckpointAsync(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.SnapshotSources snapshot:
                Post(await _side.SnapshotSourcesAsync(snapshot, _ending.Token));
                break;
            case JobEffect.SettleSources settle:
                _side.SettleSources(settle);
                break;
            case JobEffect.TriggerCheckpoint trigger:
                PostIf(await _orders.TriggerCheckpointAsync(trigger, _ending.Token));
                break;
            case JobEffect.StoreCheckpoint store:
                FailureInfo? failure = await _services.Checkpoints.WriteAsync(store.Metadata, _ending.Token);
                Post(new JobEvent.CheckpointStored(store.Metadata.Number, failure));
                break;
            case JobEffect.CommitCheckpoint commit:
                Post(await _side.CommitCheckpointAsync(commit, _ending.Token));
                break;
            case JobEffect.ForgetCheckpoint forget:
                await _services.Checkpoints.ForgetAsync(Submission.Job, forget.Checkpoint, _ending.Token);
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

    // Those of a job that failed are kept as long as its record.
    private async Task ForgetCheckpointsAsync()
    {
        if (Status != JobStatus.Failed && Submission.Graph.Settings.Checkpoints is not null)
        {
            await _services.Checkpoints.ForgetAsync(Submission.Job, _ending.Token);
        }
    }
}
