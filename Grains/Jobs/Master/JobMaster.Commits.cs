using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs.Executions;

namespace Millrace.Jobs.Master;

/// <content>The results of a job that has come to its end: decided on, made visible, or given up.</content>
internal sealed partial class JobMaster
{
    private void AllFinished()
    {
        Do(new JobEffect.ReleaseSlots());
        GiveUpCheckpoint();
        _outcome = WithUncommitted(_results.Build());
        if (!_hasCommitters)
        {
            WriteEnd(JobStatus.Finished);
            return;
        }

        // Nothing comes between the decision and the commit: one write says both.
        _isCommitting = true;
        _phase = JobPhase.DecidingCommit;
        Write(RecordStep.CommitDecided, JobStatus.Running, _outcome);
    }

    private void Commit()
    {
        _phase = JobPhase.Committing;
        if (_isCommitting)
        {
            CommitRecorded();
            return;
        }

        _isCommitting = true;
        Write(RecordStep.Committing, JobStatus.Running, _outcome);
    }

    // From here on whoever takes over knows what may have ended the silo.
    private void CommitRecorded()
    {
        if (!_prepared)
        {
            Prepare(toCommit: true);
            return;
        }

        Do(new JobEffect.Commit(_outcome!.Committables));
    }

    private void CommitFailed(FailureInfo failure)
    {
        _history.Add(failure, null);
        _commits++;
        if (_commits < _options.CommitAttempts && failure.Recovery == Recovery.Restart)
        {
            TimeSpan delay = _options.CommitRetryDelay * (1 << Math.Min(_commits - 1, 10));
            SetTimer(JobTimerKind.Commit, _commits, delay);
            return;
        }

        GiveUpCommit(failure);
    }

    // Whoever was in charge before may have been lost while it committed: that may be what ended its silo.
    private void CommitTakenOver()
    {
        if (_lostCommitting < _options.MaxSilosLostInCommit)
        {
            Commit();
            return;
        }

        FailureInfo failure = FailureInfo.Of(new CommitEndsSilosException(_lostCommitting, SinksOf(_outcome!)));
        _history.Add(failure, null);
        GiveUpCommit(failure);
    }

    // Those with something to commit, as far as it is known.
    private string SinksOf(JobOutcome outcome)
    {
        JobOperator[] sinks =
        [
            .. _graph.Plan.Vertices.SelectMany(static vertex => vertex.Operators)
                .Where(static planned => planned.Role == OperatorRole.Sink),
        ];
        JobOperator[] own = [.. sinks.Where(sink => outcome.Committables.Any(entry => entry.Operator == sink.Id))];
        return string.Join(", ", (own.Length > 0 ? own : sinks).Select(static sink => $"'{sink.Name}'"));
    }

    private void GiveUpCommit(FailureInfo failure)
    {
        // From here on nobody may commit any more, so that what is removed below is not missed later.
        _history.SetRoot(failure);
        _goal = JobGoal.Fail;
        Become(JobStatus.Failing);
        _phase = JobPhase.GivingUpCommit;
        _outcome = null;
        _isCommitting = false;
        Write(RecordStep.CommitGivenUp, JobStatus.Failing, null);
    }
}
