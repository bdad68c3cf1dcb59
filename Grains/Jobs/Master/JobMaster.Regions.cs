using System.Collections.Immutable;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>Regions that run again while the rest of the job goes on.</content>
internal sealed partial class JobMaster
{
    private readonly PipelinedRegions _regions;
    private readonly List<RegionRestart> _restarting = [];
    private readonly Queue<RegionRestart> _recording = [];
    private readonly HashSet<string> _lostSilos = [];
    private readonly HashSet<GrantedSlot> _lostSlots = [];
    private ImmutableArray<GrantedSlot> _slots = [];

    /// <summary>The silos that something of the job is on, or is to be.</summary>
    public IEnumerable<(string Silo, string Name)> Silos => _graph.All.Concat(_graph.Retiring)
        .Select(static execution => execution.Slot)
        .Concat(_restarting.SelectMany(static restart => restart.Places))
        .OfType<GrantedSlot>()
        .Select(static slot => (slot.Silo.Silo, slot.SiloName))
        .Distinct();

    // Those they are connected with run again with them; or all of the job does.
    private void FailSubtasks(FailureInfo failure, IReadOnlyList<SubtaskExecution> failed, bool isCounted = true)
    {
        ExecutionAttemptId attempt = failed[0].Id;
        if (RegionsOf(failed) is not { } regions || failure.Recovery == Recovery.Fail || failure.IsOfRestore)
        {
            Fail(failure, attempt);
            return;
        }

        if (isCounted && !IsSameLoss(failure) && !MayRestart(failure))
        {
            _history.Add(failure, attempt);
            _history.SetRoot(failure);
            Stop(JobGoal.Fail);
            return;
        }

        RestartRegions(failure, attempt, regions);
    }

    /// <returns>The regions of some subtasks; null when all of the job has to run again with them.</returns>
    private HashSet<int>? RegionsOf(IReadOnlyList<SubtaskExecution> failed)
    {
        // A job that is drained has come to the end of time, which only a checkpoint takes back.
        bool isDrained = _savepoints.UnderWay is
        {
            IsTriggered: true,
            Order.Kind: Checkpointing.SavepointKind.Drain,
        };
        if (_phase != JobPhase.Running || _options.FailoverStrategy == FailoverStrategy.Full || isDrained)
        {
            return null;
        }

        HashSet<int> regions = [.. failed.Select(RegionOf)];
        return _graph.All.All(execution => regions.Contains(RegionOf(execution))) ? null : regions;
    }

    private int RegionOf(SubtaskExecution execution) =>
        _regions.RegionOf(execution.Id.Vertex, execution.Id.Subtask);

    // One silo may be lost to several regions at several times: to each of its connections, and by its name at last.
    private bool IsSameLoss(FailureInfo failure) =>
        IsLoss(failure) && _restarting.Exists(static restart => IsLoss(restart.Cause));

    private static bool IsLoss(FailureInfo failure) =>
        failure.TypeName == ConnectionLost || failure.TypeName == typeof(TaskManagerLostException).FullName;

    private void RestartRegions(FailureInfo failure, ExecutionAttemptId attempt, HashSet<int> regions)
    {
        _history.Add(failure, attempt, [.. regions.Order()]);
        Restarts++;
        bool gaveUp = GiveUpForRestart(failure);
        _graph.RaiseAttempt();
        RegionRestart restart = new(_graph.Attempt, failure);
        SubtaskExecution[] members = [.. _graph.All.Where(one => regions.Contains(RegionOf(one)))];
        _checkpoints.Reset(members.Select(static one => one.Id).ToHashSet());
        foreach (var silo in members.Where(one => Move(one, ExecutionState.Canceling))
            .GroupBy(static one => one.Slot!.Silo.Silo, static one => one.Id))
        {
            Do(new JobEffect.Cancel(silo.Key, [.. silo]));
        }

        foreach (SubtaskExecution member in members)
        {
            Replace(member, restart);
        }

        RebuildResults();
        Do(new JobEffect.ResetReaders(restart.Attempt, ReadersOf(members)));
        if (gaveUp)
        {
            TellTasks(_checkpoints.LastNumber);
        }

        Do(new JobEffect.NoteRestart(
            [.. regions.Order()], _regions.Count, members.Length, restart.Attempt, _restartDelay, failure));
        _restarting.Add(restart);
        SetTimer(JobTimerKind.Rerun, restart.Attempt, _restartDelay);
        if (restart.AwaitsEnds)
        {
            SetTimer(JobTimerKind.Retire, restart.Attempt, _stopPatience);
        }

        _recording.Enqueue(restart);
        Write(RecordStep.Rerunning, JobStatus.Running, null);
    }

    // It would hold what the others have done since with what these have yet to do again.
    private bool GiveUpForRestart(FailureInfo failure)
    {
        if (_savepoints.UnderWay is { } savepoint)
        {
            GiveUp(savepoint, NoSavepoint($"subtasks of the job have failed and run again: {failure}"));
        }

        if (_checkpoints.Pending is null)
        {
            return false;
        }

        GiveUpPending(Checkpointing.Statistics.CheckpointFailureReason.SubtasksRestarted, failure);
        _checkpointEnded = _time.GetUtcNow();
        return true;
    }

    private void Replace(SubtaskExecution former, RegionRestart restart)
    {
        GrantedSlot? place = former.Slot;
        foreach (RegionRestart older in _restarting)
        {
            place = older.Remove(former) ?? place;
        }

        SubtaskExecution next = _graph.Replace(former);
        Move(next, ExecutionState.Scheduled);
        bool hasEnded = former.State.IsTerminal() || former.Slot is null;
        restart.Add(next, place!, hasEnded ? null : former.Id);
    }

    private ILookup<OperatorId, int> ReadersOf(IEnumerable<SubtaskExecution> executions) => executions
        .SelectMany(execution => _graph.Plan.Vertices[execution.Vertex].Operators
            .Where(static one => one.Role == OperatorRole.Source)
            .Select(source => (source.Id, execution.Id.Subtask)))
        .ToLookup(static reader => reader.Id, static reader => reader.Subtask);

    // Of an attempt that was replaced, or of none that is known.
    private void FormerReported(TaskReport report)
    {
        if (report.Checkpoint is { } part)
        {
            DiscardLate(part);
        }

        if (!report.State.IsTerminal())
        {
            return;
        }

        if (report.Failure?.TypeName == typeof(TaskCancellationTimeoutException).FullName)
        {
            LoseSlotOf(report.Attempt);
        }

        RetiredEnded(report.Attempt, report.Failure);
    }

    // It has not stopped in time, and the slot is given up with it.
    private void LoseSlotOf(ExecutionAttemptId attempt)
    {
        if (_graph.Retiring.FirstOrDefault(one => one.Id == attempt)?.Slot is { } slot)
        {
            _lostSlots.Add(slot);
        }
    }

    private void RegionRecorded()
    {
        if (_recording.TryDequeue(out RegionRestart? restart))
        {
            restart.IsRecorded = true;
            ProceedRegions();
        }
    }

    private void RegionDelayOver(int attempt)
    {
        _restarting.Find(restart => restart.Attempt == attempt)?.IsDelayOver = true;
        ProceedRegions();
    }

    // Its silo says nothing of it: the region goes on elsewhere.
    private void RegionTooLong(int attempt)
    {
        foreach (SubtaskExecution retired in _graph.Retiring.Where(one => one.Id.Attempt < attempt).ToArray())
        {
            LoseSlotOf(retired.Id);
            RetiredEnded(retired.Id, JobFailures.NotStopped(_graph, retired, _stopPatience));
        }
    }

    private void ProceedRegions()
    {
        if (_phase != JobPhase.Running)
        {
            return;
        }

        foreach (RegionRestart restart in _restarting.Where(static one => one.IsReady).ToArray())
        {
            if (!restart.Places.Any(IsLost))
            {
                Deploy(restart);
            }
            else if (!_requestingSlots)
            {
                RequestSlots();
            }
        }
    }

    private bool IsLost(GrantedSlot slot) => _lostSilos.Contains(slot.Silo.Silo) || _lostSlots.Contains(slot);

    // What the job holds already is among them: what is not in use takes the place of what is lost.
    private void SlotsForRegions(ImmutableArray<GrantedSlot> granted)
    {
        HashSet<GrantedSlot> used =
        [
            .. _restarting.SelectMany(static restart => restart.Places),
            .. _graph.All.Select(static one => one.Slot).OfType<GrantedSlot>(),
        ];
        Queue<GrantedSlot> fresh = new(granted.Where(slot => !used.Contains(slot) && !IsLost(slot)));

        // What is being built already stays where it is being built, or fails there.
        RegionRestart[] waiting = [.. _restarting.Where(static restart => !restart.IsOrdered)];
        foreach (GrantedSlot lost in waiting.SelectMany(static restart => restart.Places).Distinct().Where(IsLost)
            .ToArray())
        {
            if (!fresh.TryDequeue(out GrantedSlot? slot))
            {
                Fail(FailureInfo.Of(new TaskManagerLostException(lost.SiloName)));
                return;
            }

            Array.ForEach(waiting, restart => restart.Move(lost, slot));
            _slots = [.. _slots.Select(one => one == lost ? slot : one)];
        }

        ProceedRegions();
    }

    private void Deploy(RegionRestart restart)
    {
        foreach (SubtaskExecution member in restart.Members)
        {
            _graph.Assign(member, restart.PlaceOf(member));
            member.From = _latest?.Reference;
            Move(member, ExecutionState.Deploying);
        }

        var lists = DeploymentLists.Of(_graph, _submission, _epoch, restart.Members, _latest);
        restart.Ordered(lists.Select(static list => list.Silo));
        foreach ((string silo, TaskDeploymentList list) in lists)
        {
            Do(new JobEffect.Deploy(restart.Attempt, silo, list));
        }
    }

    private void RegionDeployed(JobEffect.Deploy order)
    {
        List<ExecutionAttemptId> notWanted = [];
        foreach (ExecutionAttemptId attempt in order.Attempts)
        {
            if (_graph.Find(attempt) is { } execution)
            {
                Move(execution, ExecutionState.Initializing);
                continue;
            }

            notWanted.Add(attempt);
        }

        if (notWanted.Count > 0)
        {
            Do(new JobEffect.Cancel(order.Silo, [.. notWanted]));
        }

        Answered(order);
        StartRegions();
    }

    // A deployment is all or nothing: when some of it was told to stop meanwhile, that is why the rest failed.
    private void RegionNotDeployed(JobEvent.DeploymentFailed failed, IReadOnlyList<SubtaskExecution> concerned)
    {
        Answered(failed.Order);
        if (failed.Failure.IsOfRestore)
        {
            Fail(failed.Failure, failed.Order.Attempts[0]);
        }
        else if (failed.Failure.TypeName == typeof(SlotNotHeldException).FullName)
        {
            Fail(failed.Failure);
        }
        else if (concerned.Count > 0)
        {
            FailSubtasks(failed.Failure, concerned, isCounted: concerned.Count == failed.Order.Attempts.Length);
        }

        StartRegions();
    }

    private void Answered(JobEffect.Deploy order) =>
        _restarting.Find(restart => restart.Attempt == order.Round)?.Answered(order.Silo);

    private void StartRegions()
    {
        _restarting.RemoveAll(static restart => restart.Members.Count == 0);
        if (_phase != JobPhase.Running)
        {
            return;
        }

        foreach (RegionRestart restart in _restarting.Where(static one => one.IsBuilt).ToArray())
        {
            _restarting.Remove(restart);
            foreach (var silo in restart.Members.GroupBy(restart.PlaceOf).GroupBy(
                static place => place.Key.Silo.Silo, static place => place.Select(static one => one.Id)))
            {
                Do(new JobEffect.Start(Round, silo.Key, [.. silo.SelectMany(static attempts => attempts)]));
            }
        }
    }

    private void RegionsSiloLost(JobEvent.SiloLost lost, IReadOnlyList<SubtaskExecution> failed)
    {
        _lostSilos.Add(lost.Silo);
        _restarting.ForEach(restart => restart.Answered(lost.Silo));
        if (failed.Count > 0)
        {
            FailSubtasks(JobFailures.Lost(lost), failed);
        }

        EndRetiredOn(lost.Silo);

        StartRegions();
    }

    // All of the job stops, or runs again.
    private void EndRegions()
    {
        _restarting.Clear();
        _recording.Clear();
        _lostSilos.Clear();
        _lostSlots.Clear();
    }

    // What readers have got for good: those that have finished, all there was for them.
    private Dictionary<(OperatorId Source, int Subtask), long> ReceivedBy(Checkpointing.PendingCheckpoint done)
    {
        Dictionary<(OperatorId Source, int Subtask), long> received = new(done.Received);
        foreach (IGrouping<OperatorId, int> source in
            ReadersOf(_graph.All.Where(one => done.StateOf(one.Id).State is null)))
        {
            foreach (int subtask in source)
            {
                received[(source.Key, subtask)] = long.MaxValue;
            }
        }

        return received;
    }
}
