using Millrace.Checkpointing;
using Millrace.Checkpointing.Statistics;
using Millrace.Failures;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>What becomes of checkpoints: those that come to nothing, and what is told of all of them.</content>
internal sealed partial class JobMaster
{
    private readonly CheckpointLog _log;

    /// <summary>How many there were.</summary>
    public CheckpointOverview Overview => _checkpoints.Overview;

    /// <summary>The last checkpoints.</summary>
    public CheckpointHistory CheckpointHistory() => new(_checkpoints.Overview, _log.Show(InProgress()));

    /// <summary>One of the last checkpoints, with each subtask's part.</summary>
    public CheckpointStatistics? FindCheckpoint(long number) =>
        InProgress() is { } inProgress && inProgress.Number == number ? inProgress : _log.Find(number);

    private void CheckpointTooLong(int number)
    {
        if (_checkpoints.Pending is not { } pending
            || (int)pending.Number != number
            || _savepoints.At(number) is not null)
        {
            return;
        }

        SubtaskExecution[] missing = [.. pending.Missing.Select(_graph.Find).OfType<SubtaskExecution>()];
        if (missing.Length > 0 && Array.TrueForAll(missing, static one => one.IsEnding))
        {
            // It was under way when they came to the end of their input: nobody is to blame.
            GiveUpPending(CheckpointFailureReason.SubtasksEnding);
            return;
        }

        CheckpointFailed(CheckpointFailureReason.Expired, FailureInfo.Of(new TimeoutException(
            $"Checkpoint {number} was not complete within {_checkpoints.Settings.Timeout}. {Missing(missing)}")));
    }

    private string Missing(SubtaskExecution[] missing)
    {
        const int MostNamed = 3;
        if (missing.Length == 0)
        {
            return "All subtasks have told their parts.";
        }

        string named = string.Join(", ", missing.Take(MostNamed).Select(one =>
            $"'{_graph.Plan.Vertices[one.Vertex].Name}' ({one.Id.Subtask + 1}/{_graph.Of(one.Vertex).Count})"));
        return missing.Length > MostNamed
            ? $"Not told their parts have {named} and {missing.Length - MostNamed} more."
            : $"Not told their parts have {named}.";
    }

    // What came of something the master had ordered for a checkpoint.
    private void CheckpointOutcome(JobEvent happened)
    {
        switch (happened)
        {
            case JobEvent.SourcesSnapshotted snapshotted:
                SourcesSnapshotted(snapshotted);
                break;
            case JobEvent.CheckpointRead read when _phase == JobPhase.ChoosingCheckpoint && read.Round == Round:
                CheckpointRead(read);
                break;
            case JobEvent.CheckpointTriggerFailed failed:
                TriggerFailed(failed);
                break;
            case JobEvent.CheckpointStored stored:
                CheckpointStored(stored);
                break;
            case JobEvent.CheckpointCommitted committed:
                CheckpointCommitted(committed);
                break;
            case JobEvent.CommitMarked marked when _committingCheckpoint:
                if (marked.MayComeLate)
                {
                    // Perhaps when all else of its checkpoint is removed.
                    _completed.LeaveBehind();
                }

                CommittedCheckpoint();
                break;
            case JobEvent.RestoredRead read when _phase == JobPhase.ChoosingCheckpoint && read.Round == Round:
                RestoredRead(read);
                break;
            default:
                // Late, or said before.
                break;
        }
    }

    private void CheckpointFailed(CheckpointFailureReason reason, FailureInfo failure)
    {
        long number = _checkpoints.Pending!.Number;
        if (_savepoints.At(number) is { } savepoint)
        {
            GiveUp(savepoint, failure);
            return;
        }

        if (_savepoints.UnderWay is { AwaitsCommit: true } awaiting)
        {
            GiveUp(awaiting, NoSavepoint(
                $"what its sinks had written could not be made visible by a checkpoint: {failure}"));
        }

        EndTimeout(number);
        LogEnd(_checkpoints.Pending, reason, failure);
        Note(new CheckpointNote.GaveUp(number, reason, failure));
        Do(new JobEffect.SettleSources(number, null));
        _completed.LeaveBehind();
        _checkpointEnded = _time.GetUtcNow();
        if (_checkpoints.Failed() && _phase == JobPhase.Running)
        {
            Fail(failure);
            return;
        }

        TellTasks(number);
        _history.Add(failure, null);
    }

    // The job stops, or has come to its end.
    private void GiveUpCheckpoint()
    {
        _checkpointTurn++;
        if (_savepoints.UnderWay is { } savepoint && savepoint.Id != _endsWith?.Id)
        {
            string end = _graph.AllFinished ? "all its subtasks have finished" : $"the job is {Status}";
            GiveUp(savepoint, NoSavepoint($"{end}{(_history.Root is { } root ? $": {root}" : ".")}"));
        }

        if (_checkpoints.Pending is not null)
        {
            GiveUpPending(CheckpointFailureReason.JobStopped);
        }
    }

    private void GiveUpPending(CheckpointFailureReason reason, FailureInfo? failure = null)
    {
        PendingCheckpoint pending = _checkpoints.Pending!;
        long number = pending.Number;
        EndTimeout(number);
        LogEnd(pending, reason, failure);
        Do(new JobEffect.SettleSources(number, null));
        _checkpoints.Abandon();
        _completed.LeaveBehind();
    }

    private void EndTimeout(long checkpoint) =>
        Do(new JobEffect.CancelTimer(new JobTimer(JobTimerKind.CheckpointTimeout, (int)checkpoint)));

    private void Clean(CheckpointGarbage garbage)
    {
        if (!garbage.IsEmpty)
        {
            Do(new JobEffect.CleanCheckpoints(garbage));
        }
    }

    private JobOutcome WithUncommitted(JobOutcome outcome) => outcome with
    {
        Committables = OperatorCommittables.BySink(
            [.. _checkpoints.Uncommitted(long.MaxValue), .. outcome.Committables]),
    };

    private void LogEnd(PendingCheckpoint ended, CheckpointFailureReason? reason, FailureInfo? failure) =>
        _log.Add(StatisticsOf(
            ended,
            reason is null ? CheckpointStatus.Completed : CheckpointStatus.Failed,
            reason,
            failure is null ? null : $"{failure}"));

    private CheckpointStatistics StatisticsOf(
        PendingCheckpoint checkpoint,
        CheckpointStatus status,
        CheckpointFailureReason? reason = null,
        string? failure = null) => new(
            checkpoint.Number,
            status,
            checkpoint.BeganAt,
            _time.GetUtcNow() - checkpoint.BeganAt,
            reason,
            failure,
            checkpoint.Parts.Show(_graph.Plan));

    private CheckpointStatistics? InProgress() => _checkpoints.Pending is { } pending
        && _savepoints.At(pending.Number) is null
            ? StatisticsOf(pending, CheckpointStatus.InProgress)
            : null;
}
