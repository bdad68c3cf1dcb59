using Millrace.Checkpointing;
using Millrace.Checkpointing.Statistics;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs.Master;
using Millrace.Jobs.Storage;
using Millrace.Tasks;

namespace Millrace.Simulation;

/// <content>What becomes of orders about checkpoints.</content>
#pragma warning disable CA1001 // What it owns is given back at the end of Run.
internal sealed partial class SimulatedCluster
#pragma warning restore CA1001
{
    private readonly CheckpointStore _store;
    private readonly CheckpointCleaner _cleaner;
    private readonly List<CheckpointNote> _notes = [];
    private readonly List<JobEffect.NoteRestart> _restartNotes = [];
    private bool _isCleaned;

    /// <summary>What was said of checkpoints.</summary>
    public IReadOnlyList<CheckpointNote> Notes => _notes;

    /// <summary>What was said of regions that ran again while the rest went on.</summary>
    public IReadOnlyList<JobEffect.NoteRestart> RestartNotes => _restartNotes;

    /// <summary>Where checkpoints are kept.</summary>
    public SimulatedCheckpoints Checkpoints { get; }

    /// <summary>Number of checkpoints that were completed.</summary>
    public int Completed { get; private set; }

    /// <summary>Number of commits that were ordered, of completed checkpoints.</summary>
    public int CommitsOrdered { get; private set; }

    /// <summary>The last checkpoints.</summary>
    public CheckpointHistory History => _master.CheckpointHistory();

    /// <summary>One of them, with each subtask's part.</summary>
    public CheckpointStatistics? FindCheckpoint(long number) => _master.FindCheckpoint(number);

    // What its sinks have written is told all the same.
    private TaskReport Declined(TaskReport report) =>
        report.Checkpoint is { } part && _shape.DeclinedParts > 0 && _simulation.Next(_shape.DeclinedParts) == 0
            ? report with
            {
                Checkpoint = part with
                {
                    State = null,
                    Failure = FailureInfo.Of(new IOException("The part is declined.")),
                },
            }
            : report;

    /// <summary>Bytes of records that were in flight, over all parts of checkpoints that were told.</summary>
    public long InFlightBytes { get; private set; }

    private void PerformCheckpoint(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.SnapshotSources snapshot:
                Later(() => _ = SnapshotSourcesAsync(snapshot));
                break;
            case JobEffect.SettleSources settle:
                _coordination.SettleSources(settle.Checkpoint, settle.Received);
                break;
            case JobEffect.ResetReaders reset:
                _coordination.ResetReaders(reset.Attempt, reset.Readers);
                break;
            case JobEffect.TriggerCheckpoint trigger:
                At(trigger.Silo, host => host.TriggerCheckpoint(trigger.Order));
                break;
            case JobEffect.NotifyCheckpoint notify:
                At(notify.Silo, host => host.NotifyCheckpoint(notify.Notice));
                break;
            case JobEffect.StoreCheckpoint store:
                Later(() => _ = StoreAsync(store.Metadata));
                break;
            case JobEffect.CommitCheckpoint commit:
                CommitsOrdered++;
                Later(() => _ = CommitCheckpointAsync(commit));
                break;
            case JobEffect.ReadCheckpoint read:
                Later(() => _ = ReadCheckpointAsync(read));
                break;
            case JobEffect.CleanCheckpoints clean:
                Later(() => _ = _cleaner.CleanAsync(clean.Garbage, CancellationToken.None));
                break;
            case JobEffect.End end:
                Later(() => _ = EndCheckpointsAsync(end.Checkpoints));
                break;
            case JobEffect.MarkCommitted mark:
                Later(() => _ = MarkCommittedAsync(mark.Checkpoint));
                break;
            case JobEffect.NoteCheckpoint note:
                _notes.Add(note.Note);
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

    private async Task SnapshotSourcesAsync(JobEffect.SnapshotSources snapshot)
    {
        (var sources, FailureInfo? failure) =
            await _coordination.SnapshotSourcesAsync(snapshot.Checkpoint, CancellationToken.None);
        Tell(new JobEvent.SourcesSnapshotted(snapshot.Checkpoint, sources, failure));
    }

    private async Task ReadCheckpointAsync(JobEffect.ReadCheckpoint read)
    {
        try
        {
            Tell(new JobEvent.CheckpointRead(
                read.Round,
                read.Checkpoint,
                await _store.ReadAsync(_job, read.Checkpoint.Reference, CancellationToken.None),
                Failure: null));
        }
        catch (CheckpointCorruptedException exception)
        {
            Tell(new JobEvent.CheckpointRead(read.Round, read.Checkpoint, null, FailureInfo.Of(exception)));
        }
    }

    private async Task EndCheckpointsAsync(CheckpointGarbage? rest)
    {
        if (rest is not null)
        {
            await (rest.Keep is { IsEmpty: true }
                ? _store.ForgetAsync(_job, CancellationToken.None)
                : _cleaner.CleanAsync(rest, CancellationToken.None));
        }

        // Each silo finds out by itself.
        _silos.ForEach(silo => silo.Host.ReleaseCopies(_job));
        _isCleaned = true;
    }

    private async Task StoreAsync(CheckpointMetadata metadata)
    {
        FailureInfo? failure = await _store.WriteAsync(metadata, CancellationToken.None);
        Completed += failure is null ? 1 : 0;
        Tell(new JobEvent.CheckpointStored(metadata.Number, failure));
    }

    private async Task MarkCommittedAsync(CheckpointReference checkpoint)
    {
        await _store.MarkCommittedAsync(_job, checkpoint, CancellationToken.None);
        Tell(new JobEvent.CommitMarked(checkpoint));
    }

    private async Task CommitCheckpointAsync(JobEffect.CommitCheckpoint commit) =>
        Tell(new JobEvent.CheckpointCommitted(
            commit.Checkpoint,
            await _coordination.CommitCheckpointAsync(commit.Committables, CancellationToken.None)));
}
