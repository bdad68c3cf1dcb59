using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Jobs.Master;
using Millrace.Jobs.Storage;

namespace Millrace.Simulation;

/// <content>Savepoints, and jobs that go on from them.</content>
#pragma warning disable CA1001 // What it owns is given back at the end of Run.
internal sealed partial class SimulatedCluster
#pragma warning restore CA1001
{
    /// <summary>Where savepoints go.</summary>
    public const string SavepointDirectory = "sim://savepoints";

    private static readonly TimeSpan SavepointPatience = TimeSpan.FromMinutes(10);

    private int _removals;

    private SavepointStore Savepoints => new(Checkpoints, _simulation, NullLogger<CheckpointStore>.Instance);

    /// <summary>The folder of one of the job's checkpoints, as a user names it who goes on from it.</summary>
    public string FolderOf(CheckpointReference checkpoint) =>
        $"{SimulatedCheckpoints.Root}{_job}/{CheckpointFiles.Folder(checkpoint)}";

    /// <summary>Asks the job for a savepoint.</summary>
    /// <param name="kind">What becomes of the job.</param>
    /// <param name="patience">How long it may take; 10 minutes when null.</param>
    public SavepointId Ask(SavepointKind kind, TimeSpan? patience = null)
    {
        SavepointId id = new(Id128.Of(_simulation.NewId()));
        Ask(id, kind, patience);
        return id;
    }

    /// <summary>Asks again, or for the first time.</summary>
    public void Ask(SavepointId id, SavepointKind kind, TimeSpan? patience = null) => Tell(new JobEvent.SavepointAsked(
        id,
        new SavepointOrder(SavepointLocation.FolderIn(SavepointDirectory, _job.ToString(), id), kind),
        patience ?? SavepointPatience));

    /// <summary>What became of it.</summary>
    public SavepointProgress? ProgressOf(SavepointId id) => _master.ProgressOf(id);

    /// <summary>A new job on silos of its own, with the same storage, that goes on from a savepoint.</summary>
    /// <param name="restore">From what, and how.</param>
    /// <param name="parallelism">Default parallelism of the program.</param>
    /// <param name="define">The program, perhaps another one.</param>
    /// <param name="silos">How many.</param>
    /// <exception cref="IncompatibleSavepointException">It cannot.</exception>
    /// <exception cref="CheckpointCorruptedException">It is not what was written.</exception>
    public SimulatedCluster GoOn(
        RestoreSettings restore, int parallelism, Action<StreamExecutionEnvironment> define, int silos)
    {
        JobSubmission submission = SubmissionOf(_simulation, parallelism, define, _shape.Exchange) with
        {
            Restore = restore,
        };
        Task<CheckpointMetadata?> opening = Savepoints.OpenAsync(submission, CancellationToken.None);
        _simulation.RunUntil(() => opening.IsCompleted);
        return new SimulatedCluster(
            _simulation,
            submission,
            new JobStart(JobEpoch.None.Next(), _simulation.Time.GetUtcNow(), From: opening.GetAwaiter().GetResult()),
            new SimulatedPrograms(define),
            _shape,
            silos,
            former: this);
    }

    // What becomes of orders about savepoints.
    private void PerformSavepoint(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.StoreSavepoint store:
                Later(() => _ = StoreSavepointAsync(store));
                break;
            case JobEffect.DiscardSavepoint discard:
                _removals++;
                Later(() => _ = DiscardAsync(discard.Savepoint));
                break;
            case JobEffect.RemoveClaimed remove:
                _removals++;
                Later(() => _ = RemoveAsync(remove));
                break;
            case JobEffect.ReadRestored read:
                Later(() => _ = ReadRestoredAsync(read));
                break;
            case JobEffect.GoOn goOn:
                At(goOn.Silo, host => host.GoOn(goOn.Order));
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

    private async Task DiscardAsync(OpenSavepoint savepoint)
    {
        bool isDone = await Savepoints.DiscardAsync(_job, savepoint.Folder, CancellationToken.None);
        _removals--;
        Tell(new JobEvent.SavepointDiscarded(savepoint, isDone));
    }

    private async Task RemoveAsync(JobEffect.RemoveClaimed remove)
    {
        await Savepoints.RemoveAsync(_job, remove.Folder, remove.Files, CancellationToken.None);
        _removals--;
    }

    private async Task ReadRestoredAsync(JobEffect.ReadRestored read)
    {
        CheckpointMetadata? metadata = null;
        FailureInfo? failure = null;
        try
        {
            metadata = await Savepoints.OpenAsync(_submission, CancellationToken.None);
        }
        catch (CheckpointCorruptedException exception)
        {
            failure = FailureInfo.Of(exception);
        }

        Tell(new JobEvent.RestoredRead(read.Round, metadata, failure));
    }

    private async Task StoreSavepointAsync(JobEffect.StoreSavepoint store) => Tell(new JobEvent.SavepointStored(
        store.Metadata.Id, await Savepoints.WriteAsync(store.Folder, store.Metadata, CancellationToken.None)));
}
