using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Failures;
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
    private CheckpointMetadata? _latest;
    private CheckpointMetadata? _storing;
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
            CheckpointFailed(failure);
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
        _checkpoints.Take(attempt, part);
        if (part.Failure is { } failure && _checkpoints.Pending?.Number == part.Checkpoint)
        {
            CheckpointFailed(failure);
            return;
        }

        StoreIfComplete();
    }

    private void CountAsFinished(SubtaskExecution execution)
    {
        if (_checkpoints.Pending is { } pending && execution.Result is { } result)
        {
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

        _storing = ContentOf(done);
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
            CheckpointFailed(failure);
            return;
        }

        // From here on it is the one to go back to, in whatever order the record is written.
        _latest = storing;
        EndTimeout(storing.Number);
        Do(new JobEffect.SettleSources(storing.Number, _checkpoints.Pending.Received));
        RetainedCheckpoint completed = _checkpoints.Completed(storing);
        _completed.Add(completed, storing.Files(), _checkpoints.LastNumber);
        _checkpointEnded = _time.GetUtcNow();
        _committingCheckpoint = true;
        Write(RecordStep.Checkpointed, Status, null);
    }

    private void CheckpointRecorded()
    {
        Clean(_completed.Release(_checkpoints.OldestPending));
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
        if (!_committingCheckpoint || committed.Checkpoint != _latest?.Number)
        {
            return;
        }

        if (committed.Failure is { } failure)
        {
            _committingCheckpoint = false;
            Fail(failure);
        }
        else
        {
            // Whoever uses the results may do with them what he likes: they are not looked at again.
            _latest = _latest with { Committables = [] };
        }

        CommittedCheckpoint();
    }

    private void CommittedCheckpoint()
    {
        _committingCheckpoint = false;
        SavepointCommitted();
        EndIfFinished();
        ContinueStopping();
    }

    // What a completed checkpoint commits comes first: calls of a committer never overlap.
    private void EndIfFinished()
    {
        if (_phase == JobPhase.Running && _graph.AllFinished && !_committingCheckpoint)
        {
            AllFinished();
        }
    }

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
            GiveUpPending();
            return;
        }

        CheckpointFailed(FailureInfo.Of(new TimeoutException(
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

    private void CheckpointFailed(FailureInfo failure)
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
        Do(new JobEffect.SettleSources(number, null));
        _completed.LeaveBehind();
        _checkpointEnded = _time.GetUtcNow();
        if (_checkpoints.Failed() && _phase == JobPhase.Running)
        {
            Fail(failure);
            return;
        }

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
            GiveUpPending();
        }
    }

    private void GiveUpPending()
    {
        long number = _checkpoints.Pending!.Number;
        EndTimeout(number);
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
}
