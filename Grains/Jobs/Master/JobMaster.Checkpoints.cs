using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Statistics;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>Checkpoints: when one begins, what completes it, and what follows.</content>
internal sealed partial class JobMaster
{
    // Of a job that takes checkpoints only along with savepoints.
    private static readonly CheckpointSettings OnDemand = new(TimeSpan.FromDays(1));

    private readonly CheckpointCoordinator _checkpoints;
    private readonly CompletedCheckpoints _completed;
    private readonly CommittedResults _committed = new();
    private CheckpointMetadata? _latest;
    private CheckpointMetadata? _storing;
    private CheckpointMetadata? _finished;
    private bool _committingCheckpoint;
    private DateTimeOffset _checkpointEnded;
    private int _checkpointTurn;

    private bool IsPeriodic => _submission.Graph.Settings.Checkpoints is not null;

    private void ScheduleCheckpoint()
    {
        if (IsPeriodic)
        {
            SetTimer(JobTimerKind.Checkpoint, ++_checkpointTurn, _checkpoints.Settings.Interval);
        }
    }

    private void TriggerCheckpoint()
    {
        ScheduleCheckpoint();
        if (_time.GetUtcNow() - _checkpointEnded >= _checkpoints.Settings.MinPause && _savepoints.UnderWay is null)
        {
            TryBegin();
        }
    }

    /// <summary>Begins a checkpoint, or the cut of the savepoint whose turn it is.</summary>
    /// <returns>Null when none can begin now.</returns>
    private PendingCheckpoint? TryBegin()
    {
        if (_phase != JobPhase.Running
            || _checkpoints.Pending is not null
            || _storing is not null
            || _committingCheckpoint
            || !AllTakePart())
        {
            return null;
        }

        PendingCheckpoint pending = _checkpoints.Begin(
            _graph.All.Select(static execution => execution.Id), _time.GetUtcNow());
        foreach (SubtaskExecution execution in _graph.All)
        {
            if (execution.Result is { } result)
            {
                pending.Parts.Add(execution.Id, TimeSpan.Zero, part: null);
                pending.Take(execution.Id, result);
            }
        }

        Do(new JobEffect.SnapshotSources(pending.Number));
        SetTimer(JobTimerKind.CheckpointTimeout, (int)pending.Number, _checkpoints.Settings.Timeout);
        return pending;
    }

    // A subtask takes part when the barrier reaches it: as a source, or from a producer that is still at work.
    private bool AllTakePart()
    {
        bool any = false;
        foreach (SubtaskExecution execution in _graph.All)
        {
            if (execution.State == ExecutionState.Finished)
            {
                continue;
            }

            if (execution.State != ExecutionState.Running || !IsReached(execution))
            {
                return false;
            }

            any = true;
        }

        return any;
    }

    private bool IsReached(SubtaskExecution execution)
    {
        bool isSource = true;
        JobVertex vertex = _graph.Plan.Vertices[execution.Vertex];
        foreach (JobEdge edge in _graph.Plan.Edges.Where(edge => edge.To == vertex.Id))
        {
            isSource = false;
            IReadOnlyList<SubtaskExecution> producers = _graph.Of(_graph.IndexOf(edge.From));
            (int first, int count) = EdgeChannels.ProducersOf(
                edge.Partitioner, execution.Id.Subtask, producers.Count, vertex.Parallelism);
            if (producers.Skip(first).Take(count).Any(static one => one.State == ExecutionState.Running))
            {
                return true;
            }
        }

        // One that has read everything lets the cut pass, and holds up the others until it is done.
        return isSource && !execution.IsEnding;
    }

    private void SourcesSnapshotted(JobEvent.SourcesSnapshotted snapshotted)
    {
        if (_checkpoints.Pending is not { } pending || pending.Number != snapshotted.Checkpoint)
        {
            return;
        }

        if (snapshotted.Failure is { } failure)
        {
            CheckpointFailed(CheckpointFailureReason.SourceFailed, failure);
            return;
        }

        pending.Take(snapshotted.Sources);
        RequestedSavepoint? savepoint = _savepoints.At(pending.Number);
        savepoint?.IsTriggered = true;
        HashSet<VertexId> fed = [.. _graph.Plan.Edges.Select(static edge => edge.To)];
        foreach (string silo in _graph.Silos)
        {
            ImmutableArray<ExecutionAttemptId> sources =
            [
                .. _graph.On(silo)
                    .Where(one => one.State == ExecutionState.Running && !fed.Contains(one.Id.Vertex))
                    .Select(static one => one.Id),
            ];
            if (!sources.IsEmpty)
            {
                Do(new JobEffect.TriggerCheckpoint(
                    silo, new CheckpointOrder(
                        _submission.Job, _epoch, pending.Number, sources, savepoint?.Order)));
            }
        }

        StoreIfComplete();
    }

    private void Take(ExecutionAttemptId attempt, SubtaskCheckpoint part)
    {
        if (_checkpoints.Pending is { } pending
            && pending.Number == part.Checkpoint
            && pending.Missing.Contains(attempt))
        {
            pending.Parts.Add(attempt, _time.GetUtcNow() - pending.BeganAt, part);
        }

        DiscardLate(part);
        part = part with { Former = _committed.Without(attempt, part.Former) };
        _checkpoints.Take(attempt, part);
        if (part.Failure is { } failure && _checkpoints.Pending?.Number == part.Checkpoint)
        {
            CheckpointFailed(CheckpointFailureReason.StateNotStored, failure);
            return;
        }

        StoreIfComplete();
    }

    private void CountAsFinished(SubtaskExecution execution)
    {
        if (_checkpoints.Pending is { } pending && execution.Result is { } result)
        {
            pending.Parts.Add(execution.Id, _time.GetUtcNow() - pending.BeganAt, part: null);
            pending.Take(execution.Id, result);
            StoreIfComplete();
        }
    }

    private void StoreIfComplete()
    {
        if (_phase != JobPhase.Running
            || _storing is not null
            || _checkpoints.Pending is not { IsComplete: true } done)
        {
            return;
        }

        if (_savepoints.At(done.Number) is { } savepoint)
        {
            SavepointComplete(savepoint, done);
            return;
        }

        CheckpointMetadata content = ContentOf(done);
        _finished = _savepoints.UnderWay is { AwaitsCommit: true } ? content : null;
        _storing = _finished?.CommittingFinished() ?? content;
        Do(new JobEffect.StoreCheckpoint(_storing));
    }

    private void CheckpointStored(JobEvent.CheckpointStored stored)
    {
        if (_storing is not { } storing || storing.Number != stored.Checkpoint)
        {
            return;
        }

        _storing = null;
        if (_checkpoints.Pending?.Number != stored.Checkpoint)
        {
            // Given up meanwhile.
            _completed.LeaveBehind();
            StoreIfComplete();
            if (_phase == JobPhase.Ended)
            {
                End();
            }

            return;
        }

        if (stored.Failure is { } failure)
        {
            CheckpointFailed(CheckpointFailureReason.MetadataNotStored, failure);
            return;
        }

        // From here on it is the one to go back to, in whatever order the record is written.
        _latest = storing;
        if (_finished is { } finished)
        {
            CommitFinished(finished);
        }

        EndTimeout(storing.Number);
        Do(new JobEffect.SettleSources(storing.Number, ReceivedBy(_checkpoints.Pending)));
        LogEnd(_checkpoints.Pending, reason: null, failure: null);
        RetainedCheckpoint completed = _checkpoints.Completed(storing);
        Note(new CheckpointNote.Completed(completed.Number, completed.Bytes, completed.Duration));
        _completed.Add(completed, storing.Files(), _checkpoints.LastNumber);
        _checkpointEnded = _time.GetUtcNow();
        _committingCheckpoint = true;
        Write(RecordStep.Checkpointed, Status, null);
    }

    private void CheckpointRecorded()
    {
        Clean(_completed.Release(_checkpoints.OldestPending));
        TellTasks(_latest?.Number ?? 0);
        RemoveClaimed();
        if (_latest is { Committables.IsEmpty: false } latest && _hasCommitters && _prepared)
        {
            Do(new JobEffect.CommitCheckpoint(latest.Number, latest.Committables));
            return;
        }

        CommittedCheckpoint();
    }

    private void CheckpointCommitted(JobEvent.CheckpointCommitted committed)
    {
        if (!_committingCheckpoint)
        {
            return;
        }

        if (committed.Checkpoint != _latest?.Number)
        {
            // It was found damaged meanwhile, and the job stops: that waits for no other answer than this one.
            CommittedCheckpoint();
            return;
        }

        if (committed.Failure is { } failure)
        {
            _committingCheckpoint = false;
            Fail(failure);
            CommittedCheckpoint();
            return;
        }

        // Whoever uses the results may do with them what he likes: they are not looked at again.
        _latest = _latest with { Committables = [] };
        Do(new JobEffect.MarkCommitted(_latest.Reference));
    }

    // What the job went on from was made visible before it began.
    private void MarkResumed()
    {
        if (_latest is { Committables.IsEmpty: false } latest)
        {
            _latest = latest with { Committables = [] };
            if (_hasCommitters && latest.Number > 0)
            {
                // It is the job's own, and no savepoint. None takes its place before that is done, and its files away.
                _committingCheckpoint = true;
                Do(new JobEffect.MarkCommitted(latest.Reference));
            }
        }
    }

    // What finished subtasks had left is a part of what this checkpoint commits, and of nothing later.
    private void CommitFinished(CheckpointMetadata finished)
    {
        _committed.Add(finished);
        foreach (SubtaskExecution execution in _graph.All)
        {
            execution.Result = _committed.Without(execution.Id, execution.Result);
        }

        RebuildResults();
    }

    private void CommittedCheckpoint()
    {
        _committingCheckpoint = false;
        SavepointCommitted();
        EndIfFinished();
        ContinueStopping();
    }

    private void TriggerFailed(JobEvent.CheckpointTriggerFailed failed)
    {
        if (_checkpoints.Pending?.Number == failed.Checkpoint)
        {
            CheckpointFailed(CheckpointFailureReason.TriggerFailed, failed.Failure);
        }
    }

    // What a completed checkpoint commits comes first: calls of a committer never overlap.
    private void EndIfFinished()
    {
        if (_phase == JobPhase.Running && _graph.AllFinished && !_committingCheckpoint)
        {
            AllFinished();
        }
    }
}
