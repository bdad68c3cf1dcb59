using System.Collections.Immutable;
using Millrace.Failures;
using Millrace.Jobs.Executions;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>A job that runs in stages: what begins when, and what runs again when something is lost.</content>
internal sealed partial class JobMaster
{
    private void BeginStages(ImmutableArray<GrantedSlot> slots)
    {
        _stages = new StageSchedule(_graph);
        _phase = JobPhase.Running;
        Become(JobStatus.Running);
        ContinueStages(slots);
    }

    private void EndStages()
    {
        _stages = null;
        _holds = 0;
        _reruns = 0;
    }

    private void ContinueStages(ImmutableArray<GrantedSlot> slots)
    {
        _stages!.Grant(slots);
        DeployNext();
    }

    private void DeployNext()
    {
        if (_phase != JobPhase.Running || _holds > 0)
        {
            return;
        }

        IReadOnlyList<SubtaskExecution> next = _stages!.Next();
        foreach (SubtaskExecution execution in next)
        {
            Move(execution, ExecutionState.Deploying);
        }

        foreach ((string silo, TaskDeploymentList list) in DeploymentLists.Of(_graph, _submission, _epoch, next))
        {
            Do(new JobEffect.Deploy(_graph.Attempt, silo, list));
        }

        if (_stages.Slots == 0 && !_requestingSlots)
        {
            // Every silo that had given some is gone.
            RequestSlots();
        }
    }

    // What it reads from other silos is sent now that it expects it.
    private void StageDeployed(JobEffect.Deploy order)
    {
        List<SubtaskExecution> built = [];
        List<ExecutionAttemptId> notWanted = [];
        foreach (ExecutionAttemptId attempt in order.Attempts)
        {
            if (_graph.Find(attempt) is { } execution && Move(execution, ExecutionState.Initializing))
            {
                built.Add(execution);
                continue;
            }

            notWanted.Add(attempt);
        }

        if (notWanted.Count > 0)
        {
            Do(new JobEffect.Cancel(order.Silo, [.. notWanted]));
        }

        if (built.Count > 0)
        {
            foreach ((string silo, PartitionOrder send) in _stages!.SendsTo(built, _submission.Job, _epoch))
            {
                Do(new JobEffect.SendPartitions(silo, send));
            }

            Do(new JobEffect.Start(_graph.Attempt, order.Silo, [.. built.Select(static execution => execution.Id)]));
        }
    }

    private void StageNotDeployed(JobEvent.DeploymentFailed failed)
    {
        CancelAgain(failed.Order, failed.NothingBuilt);
        List<SubtaskExecution> concerned = [];
        foreach (ExecutionAttemptId attempt in failed.Order.Attempts)
        {
            if (_graph.Find(attempt) is not { } execution)
            {
                if (failed.NothingBuilt)
                {
                    RetiredEnded(attempt, failure: null);
                }

                continue;
            }

            concerned.Add(execution);
            if (failed.NothingBuilt
                && Move(execution, _phase == JobPhase.Running ? ExecutionState.Failed : ExecutionState.Canceled))
            {
                _stages!.Free(execution);
            }
        }

        if (_phase == JobPhase.Running && concerned.Count > 0)
        {
            RunAgain(failed.Failure, concerned[0].Id, concerned, ProducersOf(failed.LostPartition));
        }

        ContinueStopping();
    }

    private void StageFinished(SubtaskExecution execution)
    {
        if (_stages is null)
        {
            return;
        }

        _stages.Free(execution);
        if (_phase == JobPhase.Running && _graph.HasFinished(execution.Vertex))
        {
            foreach ((string silo, ImmutableArray<PartitionId> partitions) in _stages.ReleasedBy(execution.Vertex))
            {
                Do(Release(silo, partitions));
            }
        }

        DeployNext();
    }

    // Failed, or stopped though nobody had asked it to.
    private void StageEnded(SubtaskExecution execution, TaskReport report)
    {
        _stages!.Free(execution);
        if (_phase != JobPhase.Running)
        {
            if (report.State == ExecutionState.Failed || report.Failure is not null)
            {
                Fail(report.Failure ?? JobFailures.Unexplained(_graph, execution), execution.Id);
            }

            return;
        }

        FailureInfo failure = report.Failure ?? (report.State == ExecutionState.Failed
            ? JobFailures.Unexplained(_graph, execution)
            : JobFailures.NotAsked(_graph, execution));
        if ((report.LostPartition is not null || failure.TypeName == ConnectionLost) && execution.Slot is { } slot)
        {
            // Perhaps it is the silo that was to send to it which says so, and the subtask still waits.
            Do(new JobEffect.Cancel(slot.Silo.Silo, [execution.Id]));
        }

        RunAgain(failure, execution.Id, [execution], ProducersOf(report.LostPartition));
    }

    private void StageSiloLost(JobEvent.SiloLost lost)
    {
        List<SubtaskExecution> failed = [];
        IReadOnlyList<SubtaskExecution> producers = _stages!.Lose(lost.Silo);
        foreach (SubtaskExecution execution in _graph.On(lost.Silo))
        {
            if (Move(execution, ExecutionState.Failed))
            {
                _stages.Free(execution);
                failed.Add(execution);
            }
        }

        EndRetiredOn(lost.Silo);

        if (_phase != JobPhase.Running)
        {
            if (failed.Count > 0)
            {
                Fail(JobFailures.Lost(lost), failed[0].Id);
            }

            ContinueStopping();
            return;
        }

        if (failed.Count > 0 || producers.Count > 0)
        {
            RunAgain(JobFailures.Lost(lost), failed.FirstOrDefault()?.Id, failed, producers);
            return;
        }

        DeployNext();
    }

    private void PartitionsMissing(JobEvent.PartitionsMissing missing)
    {
        SubtaskExecution[] producers =
            [.. missing.Partitions.SelectMany(partition => ProducersOf(partition)).Distinct()];
        if (_phase == JobPhase.Running && producers.Length > 0)
        {
            RunAgain(missing.Failure, null, [], producers);
        }
    }

    // It was replaced before.
    private void RetiredEnded(ExecutionAttemptId attempt, FailureInfo? failure)
    {
        if (_graph.EndRetired(attempt) is not { } retired)
        {
            return;
        }

        if (_stages is not null)
        {
            _stages.Free(retired);
            DeployNext();
        }
        else
        {
            if (failure is not null)
            {
                _history.Add(failure, attempt);
            }

            _restarting.ForEach(restart => restart.Ended(attempt));
            if (_graph.Retiring.Count == 0)
            {
                DiscardBehindEnds();
            }

            ProceedRegions();
        }

        ContinueStopping();
    }

    private void RetiredTooLong(int attempt)
    {
        if (_graph.Retiring.FirstOrDefault(retired => retired.Id.Attempt < attempt) is { } retired)
        {
            Fail(JobFailures.NotStopped(_graph, retired, _stopPatience) with { Recovery = Recovery.Fail }, retired.Id);
        }
    }

    private void RunAgain(
        FailureInfo failure,
        ExecutionAttemptId? attempt,
        IReadOnlyList<SubtaskExecution> failed,
        IReadOnlyList<SubtaskExecution> lost)
    {
        if (_options.FailoverStrategy == FailoverStrategy.Full)
        {
            Fail(failure, attempt);
            return;
        }

        if (!MayRunAgain(failure, isLoss: lost.Count > 0))
        {
            _history.Add(failure, attempt);
            _history.SetRoot(failure);
            Stop(JobGoal.Fail);
            return;
        }

        _history.Add(failure, attempt);
        Restarts++;
        _graph.RaiseAttempt();
        foreach (SubtaskExecution execution in _stages!.ToRunAgain(failed, lost))
        {
            Replace(execution);
        }

        RebuildResults();
        if (_graph.Retiring.Count > 0)
        {
            SetTimer(JobTimerKind.Retire, _graph.Attempt, _stopPatience);
        }

        // Not before the numbers of the new attempts are on record: whoever takes over counts on from there.
        _holds++;
        Write(RecordStep.Rerunning, JobStatus.Running, null);
    }

    // They say nothing any more.
    private void EndRetiredOn(string silo)
    {
        foreach (SubtaskExecution retired in _graph.Retiring.Where(one => one.Slot!.Silo.Silo == silo).ToArray())
        {
            RetiredEnded(retired.Id, failure: null);
        }
    }

    private bool MayRunAgain(FailureInfo failure, bool isLoss)
    {
        if (isLoss
            || IsLoss(failure)
            || failure.TypeName == typeof(PartitionLostException).FullName)
        {
            if (_reruns < _options.MaxReruns)
            {
                _reruns++;
                return true;
            }
        }

        if (!MayRestart(failure))
        {
            return false;
        }

        _rerunDelay = _restartDelay;
        return true;
    }

    private void Replace(SubtaskExecution execution)
    {
        if (execution.Slot is null)
        {
            // Nothing of it has begun.
            return;
        }

        string silo = execution.Slot.Silo.Silo;
        if (execution.State == ExecutionState.Finished)
        {
            Do(Release(silo, _stages!.PartitionsOf(execution)));
        }
        else if (Move(execution, ExecutionState.Canceling))
        {
            Do(new JobEffect.Cancel(silo, [execution.Id]));
        }

        Move(_graph.Replace(execution), ExecutionState.Scheduled);
    }

    private JobEffect.ReleasePartitions Release(string silo, ImmutableArray<PartitionId> partitions) =>
        new(silo, new PartitionOrder(_submission.Job, _epoch, partitions, []));

    // What a finished subtask left counts no more when it runs again.
    private void RebuildResults()
    {
        _results = new OutcomeBuilder(_options.MaxReturnedBytes);
        foreach (SubtaskExecution execution in _graph.All)
        {
            if (execution.Result is { } result)
            {
                _results.Add(execution.Id.Subtask, result);
            }
        }
    }

    private void RerunRecorded()
    {
        if (_rerunDelay == TimeSpan.Zero)
        {
            EndHold();
            return;
        }

        SetTimer(JobTimerKind.Rerun, _graph.Attempt, _rerunDelay);
        _rerunDelay = TimeSpan.Zero;
    }

    private void EndHold()
    {
        _holds = Math.Max(0, _holds - 1);
        DeployNext();
    }

    private SubtaskExecution[] ProducersOf(PartitionId? partition) =>
        partition is { } lost && _graph.Find(lost.Producer) is { State: ExecutionState.Finished } producer
            ? [producer]
            : [];
}
