using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Statistics;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs.Master;
using Millrace.Jobs.Storage;
using Millrace.Metrics;
using Millrace.Slots;

namespace Millrace.Jobs;

/// <content>What the master says about checkpoints.</content>
internal sealed partial class JobDriver
{
    // A take-over that finds no storage for so long is a failure like another.
    private static readonly TimeSpan ReadPatience = TimeSpan.FromMinutes(2);

    private readonly CheckpointCleaner _cleaner;

    /// <summary>The job's last checkpoints.</summary>
    public CheckpointHistory Checkpoints => _master.CheckpointHistory();

    /// <summary>One of the job's last checkpoints.</summary>
    public CheckpointStatistics? FindCheckpoint(long number) => _master.FindCheckpoint(number);

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
            case JobEffect.ResetReaders reset:
                _side.ResetReaders(reset);
                break;
            case JobEffect.NoteRestart note:
                _services.Logger.RegionsRestart(
                    Submission.Job,
                    $"{string.Join(", ", note.Regions)} of {note.Of}",
                    note.Subtasks,
                    note.Attempt,
                    note.Delay,
                    note.Failure.ToString());
                break;
            case JobEffect.TriggerCheckpoint trigger:
                PostIf(await _orders.TriggerCheckpointAsync(trigger, _ending.Token));
                break;
            case JobEffect.NotifyCheckpoint notify:
                await _orders.NotifyCheckpointAsync(notify, _ending.Token);
                break;
            case JobEffect.StoreCheckpoint store:
                FailureInfo? failure = await _services.Checkpoints.WriteAsync(store.Metadata, _ending.Token);
                Post(new JobEvent.CheckpointStored(store.Metadata.Number, failure));
                break;
            case JobEffect.CommitCheckpoint commit:
                Post(await _side.CommitCheckpointAsync(commit, _ending.Token));
                break;
            case JobEffect.ReadCheckpoint read:
                Post(await ReadCheckpointAsync(read));
                break;
            case JobEffect.CleanCheckpoints clean:
                await _cleaner.CleanAsync(clean.Garbage, _ending.Token);
                break;
            case JobEffect.CancelTimer cancel:
                _timers.Cancel(cancel.Timer);
                break;
            case JobEffect.NoteCheckpoint note:
                Note(note.Note);
                break;
            case JobEffect.StoreSavepoint store:
                Post(new JobEvent.SavepointStored(
                    store.Metadata.Id,
                    await _services.Savepoints.WriteAsync(store.Folder, store.Metadata, _ending.Token)));
                break;
            case JobEffect.DiscardSavepoint discard:
                await _services.Savepoints.DiscardAsync(
                    Submission.Job, discard.Folder, discard.Files, _ending.Token);
                break;
            case JobEffect.GoOn goOn:
                PostIf(await _orders.GoOnAsync(goOn, _ending.Token));
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

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

    // Storage that cannot be reached for a while is no reason to go on from an older checkpoint.
    private async Task<JobEvent> ReadCheckpointAsync(JobEffect.ReadCheckpoint read)
    {
        long started = _services.Execution.Time.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            try
            {
                return new JobEvent.CheckpointRead(
                    read.Round,
                    read.Checkpoint,
                    await _services.Checkpoints.ReadAsync(Submission.Job, read.Checkpoint.Reference, _ending.Token),
                    Failure: null);
            }
            catch (CheckpointCorruptedException exception)
            {
                return new JobEvent.CheckpointRead(read.Round, read.Checkpoint, null, FailureInfo.Of(exception));
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or TimeoutException)
            {
                if (_services.Execution.Time.GetElapsedTime(started) > ReadPatience)
                {
                    return new JobEvent.CheckpointRead(read.Round, read.Checkpoint, null, FailureInfo.Of(exception));
                }

                _services.Logger.CheckpointNotRead(exception, Submission.Job, read.Checkpoint.Number, failures);
            }

            await _services.Execution.DelayAsync(GrainCalls.Backoff(failures), _ending.Token);
        }
    }

    private void Note(CheckpointNote note)
    {
        Meter();
        switch (note)
        {
            case CheckpointNote.Completed completed:
                _services.Logger.CheckpointCompleted(
                    Submission.Job, completed.Number, completed.Bytes, completed.Duration);
                break;
            case CheckpointNote.GaveUp gaveUp:
                _services.Logger.CheckpointGivenUp(
                    Submission.Job, gaveUp.Number, gaveUp.Reason, gaveUp.Failure.Message);
                break;
            case CheckpointNote.Damaged damaged:
                _services.Logger.CheckpointDamaged(Submission.Job, damaged.Number, damaged.Finding.Message);
                break;
            case CheckpointNote.FellBack { Repeats: true } back:
                _services.Logger.FellBackAndRepeats(Submission.Job, back.Number);
                break;
            case CheckpointNote.FellBack back:
                _services.Logger.FellBack(Submission.Job, back.Number);
                break;
            default:
                break;
        }
    }

    private void Meter()
    {
        CheckpointOverview overview = _master.Overview;
        _services.Meters.Set(new JobReading(Submission.Job.ToString(), Submission.Graph.Name)
        {
            CompletedCheckpoints = overview.Completed,
            FailedCheckpoints = overview.Failed,
            LastDuration = overview.Latest?.Duration,
            LastBytes = overview.Latest?.Bytes,
        });
    }

    private Task EndCheckpointsAsync(CheckpointGarbage? rest) => rest switch
    {
        null => Task.CompletedTask,
        { Keep: { IsEmpty: true } } => _services.Checkpoints.ForgetAsync(Submission.Job, _ending.Token),
        _ => _cleaner.CleanAsync(rest, _ending.Token),
    };
}
