using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.DataStream;
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

    private SavepointStore Savepoints => new(Checkpoints, _simulation, NullLogger<CheckpointStore>.Instance);

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

    private async Task StoreSavepointAsync(JobEffect.StoreSavepoint store) => Tell(new JobEvent.SavepointStored(
        store.Metadata.Id, await Savepoints.WriteAsync(store.Folder, store.Metadata, CancellationToken.None)));
}
