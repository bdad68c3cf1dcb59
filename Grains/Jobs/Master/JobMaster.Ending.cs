using System.Collections.Immutable;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>How it ends: commits, failures, cancellation, restarts.</content>
internal sealed partial class JobMaster
{
    private void TakeOver(JobEvent.TakenOver takenOver)
    {
        _phase = JobPhase.Reconciling;
        _outcome = takenOver.Decided;
        if (takenOver.Decided is not null && takenOver.DecidedDetails is not null)
        {
            _takenOver = takenOver.DecidedDetails.Vertices;
        }

        FailureInfo loss = takenOver.Failure
            ?? (_lostPreparing >= _options.MaxSilosLostInPreparation
                ? FailureInfo.Of(new JobEndsSilosException(_lostPreparing))
                : takenOver.Loss);
        if (_outcome is null)
        {
            _history.Add(loss, null);
            _history.SetRoot(loss);
            _goal = takenOver.Failure is null && MayRestart(loss) ? JobGoal.Restart : JobGoal.Fail;
        }

        Do(new JobEffect.Reconcile());
    }

    private void Reconciled()
    {
        DiscardLeftBehind();
        if (_outcome is not null)
        {
            Become(JobStatus.Running);
            CommitTakenOver();
            return;
        }

        // Nobody of an older epoch writes any more.
        Clean(_completed.Release(_checkpoints.OldestPending));
        Stop(_goal);
    }

    private void CancelAsked()
    {
        switch (_phase)
        {
            case JobPhase.New or JobPhase.Preparing or JobPhase.RequestingSlots:
            case JobPhase.Deploying or JobPhase.Running or JobPhase.ChoosingCheckpoint:
                Stop(JobGoal.Cancel);
                break;
            case JobPhase.Stopping or JobPhase.Aborting when _endsWith is null:
                _goal = JobGoal.Cancel;
                Become(JobStatus.Cancelling);
                break;
            case JobPhase.DecidingRestart:
                _goal = JobGoal.Cancel;
                Become(JobStatus.Cancelling);
                break;
            case JobPhase.AwaitingRestart:
                CancelBetweenRounds();
                break;
            case JobPhase.Reconciling when _outcome is null:
                _goal = JobGoal.Cancel;
                break;
            default:
                // Its results are becoming visible, or it has ended: too late.
                break;
        }
    }

    // What writers left behind is still there when the job was to go on from a checkpoint.
    private void CancelBetweenRounds()
    {
        _goal = JobGoal.Cancel;
        Become(JobStatus.Cancelling);
        if (HasCheckpoint)
        {
            Stop(JobGoal.Cancel);
            return;
        }

        WriteEnd(JobStatus.Canceled);
    }

    private void Fail(FailureInfo failure, ExecutionAttemptId? attempt = null)
    {
        _history.Add(failure, attempt);
        if (failure.IsOfRestore)
        {
            CheckpointDamaged(failure, attempt);
            return;
        }

        switch (_phase)
        {
            case JobPhase.Preparing or JobPhase.RequestingSlots or JobPhase.Deploying or JobPhase.Running:
            case JobPhase.ChoosingCheckpoint:
                _history.SetRoot(failure);
                Stop(MayRestart(failure) ? JobGoal.Restart : JobGoal.Fail);
                break;
            case JobPhase.Stopping when _goal == JobGoal.Restart && failure.Recovery == Recovery.Fail:
                _history.SetRoot(failure);
                _goal = JobGoal.Fail;
                Become(JobStatus.Failing);
                break;
            case JobPhase.Stopping when _history.Root?.TypeName == ConnectionLost
                && failure.TypeName == typeof(TaskManagerLostException).FullName:
                // The same loss, by its name.
                _history.SetRoot(failure);
                break;
            default:
                break;
        }
    }

    private bool MayRestart(FailureInfo failure)
    {
        if (failure.Recovery == Recovery.Fail || _backoff.NextDelay(_time.GetUtcNow()) is not { } delay)
        {
            return false;
        }

        _restartDelay = delay;
        return true;
    }

    private void Stop(JobGoal goal)
    {
        _goal = goal;
        Become(goal switch
        {
            JobGoal.Cancel => JobStatus.Cancelling,
            JobGoal.Restart => JobStatus.Restarting,
            _ => JobStatus.Failing,
        });
        _phase = JobPhase.Stopping;
        EndRegions();
        GiveUpCheckpoint();
        if (_preparing)
        {
            Do(new JobEffect.CancelPreparation());
        }

        if (_requestingSlots)
        {
            Do(new JobEffect.CancelSlotRequest());
        }

        CancelExecutions();
        SetTimer(JobTimerKind.Stop, ++_stops, _stopPatience);
        ContinueStopping();
    }

    private void CancelExecutions()
    {
        foreach (SubtaskExecution execution in _graph.All)
        {
            if (execution.Slot is null)
            {
                Move(execution, ExecutionState.Canceled);
            }
        }

        foreach (string silo in _graph.Silos)
        {
            ImmutableArray<ExecutionAttemptId> attempts =
            [
                .. _graph.On(silo)
                    .Where(execution => Move(execution, ExecutionState.Canceling))
                    .Select(static execution => execution.Id),
            ];
            if (!attempts.IsEmpty)
            {
                Do(new JobEffect.Cancel(silo, attempts));
            }
        }
    }

    private void ContinueStopping()
    {
        if (_phase != JobPhase.Stopping
            || _preparing
            || _requestingSlots
            || _committingCheckpoint
            || !_graph.AllEnded
            || _graph.Retiring.Count > 0)
        {
            return;
        }

        DiscardBehindEnds();
        Do(new JobEffect.ReleaseSlots());
        if (_endsWith is not null && _outcome is not null)
        {
            Commit();
            return;
        }

        Abort();
    }

    // A savepoint may refer to what writers have left, and so may a checkpoint that outlives the job.
    private void Abort()
    {
        _phase = JobPhase.Aborting;
        bool goesOn = _endsWith is not null || (_goal == JobGoal.Restart && HasCheckpoint);
        CheckpointReference? kept = _checkpoints.Settings.RetainOnCancellation && !goesOn
            ? _latest?.Reference ?? _completed.Latest?.Reference
            : null;
        bool mayPrepare = _hasPrepared || (_lostPreparing == 0 && _lostCommitting == 0);
        Do(new JobEffect.Abort(
            Round, goesOn, kept is null ? null : new KeptCheckpoint(kept, _latest), mayPrepare));
    }

    private void Aborted(FailureInfo? failure)
    {
        if (failure is not null)
        {
            _history.Add(failure, null);
        }

        if (_goal == JobGoal.Restart)
        {
            Restarts++;
            _graph.NextAttempts();
            EndStages();
            _checkpoints.Reset();
            _committed.Clear();
            _results = new OutcomeBuilder(_options.MaxReturnedBytes);
            _prepared = false;
            _phase = JobPhase.DecidingRestart;
            Write(RecordStep.Restarting, JobStatus.Restarting, null);
            return;
        }

        WriteEnd(_goal == JobGoal.Cancel ? JobStatus.Canceled : JobStatus.Failed);
    }

    private void TimeUp(JobTimer timer)
    {
        switch (timer.Kind)
        {
            case JobTimerKind.Stop when _phase == JobPhase.Stopping && timer.Number == _stops:
                GiveUpWaiting();
                break;
            case JobTimerKind.Stop when _phase == JobPhase.Ended && timer.Number == _stops:
                End();
                break;
            case JobTimerKind.Restart when _phase == JobPhase.AwaitingRestart && timer.Number == Restarts:
                RunAgain();
                break;
            case JobTimerKind.Checkpoint when _phase == JobPhase.Running && timer.Number == _checkpointTurn:
                TriggerCheckpoint();
                break;
            case JobTimerKind.CheckpointTimeout:
                CheckpointTooLong(timer.Number);
                break;
            case JobTimerKind.Savepoint:
                SavepointTooLong(timer.Number);
                break;
            case JobTimerKind.Rerun when _phase == JobPhase.Running && _stages is null:
                RegionDelayOver(timer.Number);
                break;
            case JobTimerKind.Rerun when _phase == JobPhase.Running:
                EndHold();
                break;
            case JobTimerKind.Retire when _phase == JobPhase.Running && _stages is null:
                RegionTooLong(timer.Number);
                break;
            case JobTimerKind.Retire when _phase == JobPhase.Running:
                RetiredTooLong(timer.Number);
                break;
            case JobTimerKind.Commit when _phase == JobPhase.Committing && timer.Number == _commits:
                Commit();
                break;
            default:
                break;
        }
    }

    private void GiveUpWaiting()
    {
        _preparing = false;
        _isMarked = false;
        _requestingSlots = false;
        foreach (SubtaskExecution execution in _graph.All)
        {
            if (Move(execution, ExecutionState.Canceled))
            {
                _history.Add(JobFailures.NotStopped(_graph, execution, _stopPatience), execution.Id);
            }
        }

        foreach (SubtaskExecution retired in _graph.Retiring.ToArray())
        {
            _graph.EndRetired(retired.Id);
            _history.Add(JobFailures.NotStopped(_graph, retired, _stopPatience), retired.Id);
        }

        ContinueStopping();
    }

    private void WriteEnd(JobStatus end)
    {
        _phase = JobPhase.Ending;
        _isCommitting = false;
        JobOutcome outcome = _outcome ?? _results.Build() with { Returned = [] };
        Write(RecordStep.Ended, end, outcome with { Committables = [] });
    }

    private void StepDown()
    {
        if (!Status.IsTerminal())
        {
            Become(JobStatus.Suspended);
        }

        _phase = JobPhase.SteppedDown;
        Do(new JobEffect.StepDown());
    }

    private static JobStatus EndOf(JobGoal goal) => goal switch
    {
        JobGoal.Cancel => JobStatus.Canceled,
        JobGoal.Finish => JobStatus.Finished,
        _ => JobStatus.Failed,
    };
}
