using Millrace.Checkpointing;
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

    // It is small, and without it results are only looked at once more.
    private static readonly TimeSpan MarkPatience = TimeSpan.FromSeconds(30);

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
            case JobEffect.ReadRestored read:
                Post(await ReadRestoredAsync(read));
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
            case JobEffect.MarkCommitted mark:
                Post(new JobEvent.CommitMarked(
                    mark.Checkpoint, MayComeLate: !await IsMarkedAsync(mark.Checkpoint)));
                break;
            default:
                await DoSavepointAsync(effect);
                break;
        }
    }

    // Storage that cannot be reached for a while is no reason to go on from an older checkpoint.
    private async Task<JobEvent> ReadCheckpointAsync(JobEffect.ReadCheckpoint read)
    {
        (CheckpointMetadata? metadata, FailureInfo? failure) = await ReadAsync(
            () => _services.Checkpoints.ReadAsync(Submission.Job, read.Checkpoint.Reference, _ending.Token),
            $"checkpoint {read.Checkpoint.Number}",
            ReadPatience);
        return new JobEvent.CheckpointRead(read.Round, read.Checkpoint, metadata, failure);
    }

    // There is nothing else the job could begin with.
    private async Task<JobEvent> ReadRestoredAsync(JobEffect.ReadRestored read)
    {
        string path = Submission.Restore!.Path;
        (CheckpointMetadata? metadata, FailureInfo? failure) = await ReadAsync(
            async () => (await _services.Savepoints.OpenAsync(Submission, _ending.Token))!, $"'{path}'", ReadPatience);
        return new JobEvent.RestoredRead(
            read.Round,
            metadata,
            failure is { Recovery: Recovery.Restart }
                ? FailureInfo.Of(new CheckpointsUnusableException(
                    [$"'{path}', which it was to go on from, could not be read for {ReadPatience}: {failure}"]))
                : failure);
    }

    /// <summary>Reads again as long as that may help, for a bounded time.</summary>
    private async Task<(CheckpointMetadata? Metadata, FailureInfo? Failure)> ReadAsync(
        Func<Task<CheckpointMetadata>> read, string what, TimeSpan patience)
    {
        long started = _services.Execution.Time.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            try
            {
                return (await read(), null);
            }
            catch (Exception exception) when (
                exception is CheckpointCorruptedException or IncompatibleSavepointException)
            {
                return (null, FailureInfo.Of(exception));
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or TimeoutException)
            {
                if (_services.Execution.Time.GetElapsedTime(started) > patience)
                {
                    return (null, FailureInfo.Of(exception));
                }

                _services.Logger.CheckpointNotRead(exception, Submission.Job, what, failures);
            }

            await _services.Execution.DelayAsync(GrainCalls.Backoff(failures), _ending.Token);
        }
    }

    /// <returns>False when the note may be there or not, or come later.</returns>
    private async Task<bool> IsMarkedAsync(CheckpointReference checkpoint)
    {
        using CancellationTokenSource patience = new(MarkPatience, _services.Execution.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _ending.Token);
        try
        {
            return await _services.Checkpoints.MarkCommittedAsync(Submission.Job, checkpoint, either.Token)
                .WaitAsync(MarkPatience, _services.Execution.Time, _ending.Token);
        }
        catch (Exception exception) when (
            exception is TimeoutException
            || (exception is OperationCanceledException && !_ending.IsCancellationRequested))
        {
            _services.Logger.OrderLost(exception, Submission.Job, "note of a commit", _services.Silo.Display);
            return false;
        }
    }

    // Of a checkpoint that stays and cannot be read nobody knows what it needs: all is left then.
    private async Task<JobEvent> AbortAsync(JobEffect.Abort abort)
    {
        if (abort.Kept is not { Metadata: null } kept)
        {
            return await _side.AbortAsync(abort, _ending.Token);
        }

        (CheckpointMetadata? metadata, FailureInfo? failure) = await ReadAsync(
            () => _services.Checkpoints.ReadAsync(Submission.Job, kept.Reference, _ending.Token),
            $"checkpoint {kept.Reference.Number}",
            _services.Options.Value.AbortTimeout);
        if (metadata is not null)
        {
            return await _side.AbortAsync(abort with { Kept = kept with { Metadata = metadata } }, _ending.Token);
        }

        await _side.AbortAsync(abort with { GoesOn = true, Kept = null }, _ending.Token);
        return new JobEvent.Aborted(abort.Round, failure);
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
