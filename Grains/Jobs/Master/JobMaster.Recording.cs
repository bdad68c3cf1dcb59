using Millrace.Failures;
using Millrace.Jobs.Executions;

namespace Millrace.Jobs.Master;

/// <content>What is written into the job's record, and what goes on when it is there.</content>
internal sealed partial class JobMaster
{
    private void RecordWritten(RecordStep step)
    {
        // One at a time: each says of the record before it what it was.
        _writing = _writes.TryDequeue(out JobRecordChange? next);
        if (_writing)
        {
            Do(new JobEffect.Write(next!));
        }

        switch (step)
        {
            case RecordStep.Rerunning when _phase == JobPhase.Running:
                if (_stages is null)
                {
                    RegionRecorded();
                    break;
                }

                RerunRecorded();
                break;
            case RecordStep.Preparing when _preparing:
                PreparationRecorded();
                break;
            case RecordStep.Checkpointed:
                CheckpointRecorded();
                break;
            case RecordStep.SavepointBegun or RecordStep.SavepointTaken:
                SavepointsRecorded(step);
                break;
            case RecordStep.CommitDecided when _phase == JobPhase.DecidingCommit:
                Decided();
                break;
            case RecordStep.Committing when _phase == JobPhase.Committing:
                CommitRecorded();
                break;
            case RecordStep.CommitGivenUp when _phase == JobPhase.GivingUpCommit:
                Abort();
                break;
            case RecordStep.Restarting when _phase == JobPhase.DecidingRestart && _goal == JobGoal.Cancel:
                CancelBetweenRounds();
                break;
            case RecordStep.Restarting when _phase == JobPhase.DecidingRestart:
                _phase = JobPhase.AwaitingRestart;
                SetTimer(JobTimerKind.Restart, Restarts, _restartDelay);
                break;
            case RecordStep.Ended when _phase == JobPhase.Ending:
                Become(EndOf(_goal));
                _phase = JobPhase.Ended;
                SavepointEnded();
                EndUnlessStoring();
                break;
            default:
                break;
        }
    }

    private void Write(RecordStep step, JobStatus status, JobOutcome? outcome)
    {
        JobDetails? details =
            step is RecordStep.CommitDecided or RecordStep.Committing or RecordStep.Ended ? Details() : null;
        if (details is not null && details.Status != status)
        {
            details = details with
            {
                Status = status,
                History = details.History.Add(new StatusTime(status, _time.GetUtcNow())),
            };
        }

        // A job that runs again does not fail of what it runs again for, whoever is in charge by then.
        FailureInfo? failure = status == JobStatus.Restarting ? null : _history.Root;
        JobRecordChange change = new(
            step, status, _graph.Attempt, Restarts, failure, outcome, details, _completed.Kept, _endsWith,
            OpenSavepoints(), _isMarked, _isCommitting);
        if (_writing)
        {
            _writes.Enqueue(change);
            return;
        }

        _writing = true;
        Do(new JobEffect.Write(change));
    }
}
