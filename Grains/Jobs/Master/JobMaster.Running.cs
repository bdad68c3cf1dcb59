using System.Collections.Immutable;
using Millrace.Failures;
using Millrace.Jobs.Executions;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>From preparation to the last report.</content>
internal sealed partial class JobMaster
{
    private void Prepare(bool toCommit)
    {
        _phase = toCommit ? JobPhase.Committing : JobPhase.Preparing;
        _preparing = true;
        _resumedFrom = _latest?.Reference;
        if (toCommit || _isMarked)
        {
            OrderPreparation();
            return;
        }

        _isMarked = true;
        Write(RecordStep.Preparing, Status, null);
    }

    private void OrderPreparation()
    {
        bool toCommit = _phase == JobPhase.Committing;
        Do(new JobEffect.Prepare(Round, toCommit, toCommit ? null : _latest));
    }

    // From here on whoever takes over knows what may have ended the silo.
    private void PreparationRecorded()
    {
        if (_phase == JobPhase.Preparing)
        {
            OrderPreparation();
            return;
        }

        // It is to stop already.
        _preparing = false;
        _isMarked = false;
        ContinueStopping();
    }

    private void Prepared(bool hasCommitters)
    {
        _preparing = false;
        _isMarked = false;
        _prepared = true;
        _hasPrepared = true;
        _hasCommitters = hasCommitters;
        if (_phase != JobPhase.Committing)
        {
            MarkResumed();
        }

        switch (_phase)
        {
            case JobPhase.Preparing:
                _phase = JobPhase.RequestingSlots;
                Become(JobStatus.Created);
                Write(RecordStep.Prepared, Status, null);
                foreach (SubtaskExecution execution in _graph.All)
                {
                    Move(execution, ExecutionState.Scheduled);
                }

                RequestSlots();
                break;
            case JobPhase.Committing:
                Commit();
                break;
            default:
                ContinueStopping();
                break;
        }
    }

    private void RequestSlots()
    {
        _requestingSlots = true;
        int least = _graph.Plan.RunsInStages ? 1 : 0;
        Do(new JobEffect.RequestSlots(Round, SlotPlacement.DemandOf(_graph.Plan), least, Preferred()));
    }

    // What subtasks have left on the disks of silos is of use there.
    private PreferredSilo[]? Preferred() => HasCheckpoint && !_slots.IsEmpty
        ?
        [
            .. _slots.GroupBy(static slot => slot.Silo.Silo)
                .Select(static silo => new PreferredSilo(silo.Key, silo.Count())),
        ]
        : null;

    private void PreparationFailed(FailureInfo failure)
    {
        _preparing = false;
        _isMarked = false;
        if (_phase == JobPhase.Committing)
        {
            CommitFailed(failure);
            return;
        }

        Fail(failure);
        ContinueStopping();
    }

    private void SlotsGranted(JobEvent.SlotsGranted granted)
    {
        if (_phase == JobPhase.RequestingSlots && granted.Round == Round)
        {
            _requestingSlots = false;
            if (_graph.Plan.RunsInStages)
            {
                BeginStages(granted.Slots);
                return;
            }

            Deploy(granted.Slots);
            return;
        }

        if (_requestingSlots && _phase == JobPhase.Running)
        {
            _requestingSlots = false;
            if (_stages is null)
            {
                SlotsForRegions(granted.Slots);
                return;
            }

            ContinueStages(granted.Slots);
            return;
        }

        if (_requestingSlots && (granted.Round == Round || _stages is not null))
        {
            // Stopping gives them back with the rest.
            _requestingSlots = false;
            ContinueStopping();
            return;
        }

        if (!HoldsSlots())
        {
            Do(new JobEffect.ReleaseSlots());
        }
    }

    private void Deploy(ImmutableArray<GrantedSlot> slots)
    {
        _phase = JobPhase.Deploying;
        _slots = SlotPlacement.Arrange(slots, _slots);
        GrantedSlot[][] placed = SlotPlacement.Place(_graph.Plan, _slots);
        foreach (SubtaskExecution execution in _graph.All)
        {
            _graph.Assign(execution, placed[execution.Vertex][execution.Id.Subtask]);
            Move(execution, ExecutionState.Deploying);
        }

        _deploying.Clear();
        foreach ((string silo, TaskDeploymentList list) in
            DeploymentLists.Of(_graph, _submission, _epoch, _graph.All, _latest))
        {
            _deploying.Add(silo);
            Do(new JobEffect.Deploy(Round, silo, list));
        }
    }

    private void Deployed(JobEffect.Deploy order)
    {
        if (_phase == JobPhase.Running)
        {
            if (_stages is not null)
            {
                StageDeployed(order);
                return;
            }

            RegionDeployed(order);
            return;
        }

        if (order.Round != Round || _phase != JobPhase.Deploying)
        {
            CancelAgain(order, nothingBuilt: false);
            return;
        }

        foreach (SubtaskExecution execution in _graph.On(order.Silo))
        {
            Move(execution, ExecutionState.Initializing);
        }

        _deploying.Remove(order.Silo);
        if (_deploying.Count > 0)
        {
            return;
        }

        _phase = JobPhase.Running;
        Become(JobStatus.Running);
        foreach (string silo in _graph.Silos)
        {
            Do(new JobEffect.Start(Round, silo, [.. _graph.On(silo).Select(static execution => execution.Id)]));
        }

        ScheduleCheckpoint();
    }

    // Told to stop before it was built: what may stand there now is told again.
    private void CancelAgain(JobEffect.Deploy order, bool nothingBuilt)
    {
        if (!nothingBuilt)
        {
            Do(new JobEffect.Cancel(order.Silo, order.Attempts));
        }
    }

    private void DeploymentFailed(JobEvent.DeploymentFailed failed)
    {
        if (_stages is not null)
        {
            StageNotDeployed(failed);
            return;
        }

        bool isWanted = _phase == JobPhase.Deploying && failed.Order.Round == Round;
        if (!isWanted)
        {
            CancelAgain(failed.Order, failed.NothingBuilt);
        }

        SubtaskExecution[] concerned = NotBuilt(failed);
        if (isWanted)
        {
            Fail(failed.Failure);
        }
        else if (_phase == JobPhase.Running)
        {
            RegionNotDeployed(failed, concerned);
        }

        ContinueStopping();
    }

    private SubtaskExecution[] NotBuilt(JobEvent.DeploymentFailed failed)
    {
        SubtaskExecution[] concerned = [.. failed.Order.Attempts.Select(_graph.Find).OfType<SubtaskExecution>()];
        if (!failed.NothingBuilt)
        {
            return concerned;
        }

        foreach (SubtaskExecution execution in concerned)
        {
            Move(execution, _phase == JobPhase.Stopping ? ExecutionState.Canceled : ExecutionState.Failed);
        }

        foreach (ExecutionAttemptId attempt in failed.Order.Attempts)
        {
            RetiredEnded(attempt, failure: null);
        }

        return concerned;
    }

    private void NotStarted(JobEvent.StartFailed failed)
    {
        SubtaskExecution[] concerned =
        [
            .. failed.Attempts.Select(_graph.Find).OfType<SubtaskExecution>()
                .Where(static execution => !execution.State.IsTerminal()),
        ];
        if (concerned.Length == 0)
        {
            return;
        }

        if (_stages is not null)
        {
            RunAgain(failed.Failure, concerned[0].Id, concerned, []);
            return;
        }

        FailSubtasks(failed.Failure, concerned);
    }

    private void Reported(TaskReport report)
    {
        if (_graph.Find(report.Attempt) is not { } execution)
        {
            FormerReported(report);
            return;
        }

        if (report.Checkpoint is { } part)
        {
            Take(execution.Id, part);
            return;
        }

        if (report.IsEnding)
        {
            execution.IsEnding = true;
            return;
        }

        if (!Move(execution, Shown(report)))
        {
            return;
        }

        if (report.Metrics is { } metrics)
        {
            execution.Ended(metrics);
        }

        switch (report.State)
        {
            case ExecutionState.Finished:
                Finished(execution, report.Result);
                break;
            case ExecutionState.Failed or ExecutionState.Canceled when _stages is not null:
                StageEnded(execution, report);
                break;
            case ExecutionState.Failed:
                FailSubtasks(report.Failure ?? JobFailures.Unexplained(_graph, execution), [execution]);
                break;
            case ExecutionState.Canceled when _phase is not JobPhase.Stopping:
                FailSubtasks(report.Failure ?? JobFailures.NotAsked(_graph, execution), [execution]);
                break;
            case ExecutionState.Canceled when report.Failure is not null:
                _history.Add(report.Failure, execution.Id);
                break;
            default:
                break;
        }

        ContinueStopping();
    }

    // What was stopped behind the cut of the savepoint that the job ends with has done all it was to do.
    private ExecutionState Shown(TaskReport report) =>
        _endsWith is not null && report is { State: ExecutionState.Canceled, Failure: null }
            ? ExecutionState.Finished
            : report.State;

    private void Finished(SubtaskExecution execution, TaskResult? told)
    {
        TaskResult? result = _committed.Without(execution.Id, told);
        try
        {
            if (result is not null)
            {
                execution.Result = result;
                _results.Add(execution.Id.Subtask, result);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or StreamingException)
        {
            Fail(FailureInfo.Of(exception, JobFailures.PlaceOf(_graph, execution)) with { Recovery = Recovery.Fail });
            return;
        }

        if (_phase == JobPhase.Running && _graph.AllFinished)
        {
            EndIfFinished();
            return;
        }

        CountAsFinished(execution);
        StageFinished(execution);
    }

    private void SiloLost(JobEvent.SiloLost lost)
    {
        if (_stages is not null)
        {
            StageSiloLost(lost);
            return;
        }

        _deploying.Remove(lost.Silo);
        SubtaskExecution[] failed = [.. _graph.On(lost.Silo).Where(one => Move(one, ExecutionState.Failed))];
        RegionsSiloLost(lost, failed);
        ContinueStopping();
    }

    private bool HoldsSlots() => _phase is JobPhase.Deploying or JobPhase.Running or JobPhase.Stopping;
}
