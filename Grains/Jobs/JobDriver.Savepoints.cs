using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs.Master;
using Millrace.Slots;

namespace Millrace.Jobs;

/// <content>What the master says about savepoints.</content>
internal sealed partial class JobDriver
{
    // Then it is left to whoever takes over, if anybody does.
    private const int MostDiscards = 6;

    /// <summary>Takes a savepoint and waits for it for a while; asked again, it only waits.</summary>
    public async Task<SavepointProgress> SavepointAsync(
        SavepointRequest request, TimeSpan upTo, CancellationToken cancellationToken)
    {
        if (_master.ProgressOf(request.Id) is null)
        {
            CheckpointOptions options = _services.CheckpointPlaces.Value;
            try
            {
                string folder = SavepointLocation.FolderIn(
                    DirectoryOf(request, options), Submission.Job.ToString(), request.Id);
                Post(new JobEvent.SavepointAsked(
                    request.Id, new SavepointOrder(folder, request.Kind), options.SavepointTimeout));
            }
            catch (ArgumentException wrong)
            {
                return new SavepointProgress(
                    SavepointState.Failed,
                    Failure: SavepointFailures.Of(Submission.Graph.Name, Submission.Job, wrong.Message));
            }
        }

        await WaitAsync(
            () => _master.ProgressOf(request.Id)?.State != SavepointState.InProgress, upTo, cancellationToken);
        return _master.ProgressOf(request.Id) ?? SavepointProgress.UnderWay;
    }

    private static string DirectoryOf(SavepointRequest request, CheckpointOptions options)
    {
        string? directory = request.Directory ?? options.SavepointDirectory;
        return string.IsNullOrWhiteSpace(directory)
            ? throw new ArgumentException(
                "no directory was named, and the cluster has no Millrace:Checkpoints:SavepointDirectory.")
            : SavepointLocation.UriOf(directory);
    }

    private async Task DoSavepointAsync(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.StoreSavepoint store:
                Post(new JobEvent.SavepointStored(
                    store.Metadata.Id,
                    await _services.Savepoints.WriteAsync(store.Folder, store.Metadata, _ending.Token)));
                break;
            case JobEffect.DiscardSavepoint discard:
                Post(new JobEvent.SavepointDiscarded(discard.Savepoint, await DiscardAsync(discard.Savepoint)));
                break;
            case JobEffect.RemoveClaimed remove:
                await _services.Savepoints.RemoveAsync(Submission.Job, remove.Folder, remove.Files, _ending.Token);
                break;
            case JobEffect.GoOn goOn:
                PostIf(await _orders.GoOnAsync(goOn, _ending.Token));
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

    private async Task<bool> DiscardAsync(OpenSavepoint savepoint)
    {
        for (int failures = 1; ; failures++)
        {
            if (await _services.Savepoints.DiscardAsync(Submission.Job, savepoint.Folder, _ending.Token))
            {
                return true;
            }

            if (failures == MostDiscards)
            {
                return false;
            }

            await _services.Execution.DelayAsync(GrainCalls.Backoff(failures), _ending.Token);
        }
    }
}
