using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>Checkpoints: when one begins, what completes it, and what follows.</content>
internal sealed partial class JobMaster
{
    private readonly CheckpointCoordinator? _checkpoints;
    private readonly CompletedCheckpoints _completed;
    private CheckpointMetadata? _latest;
    private CheckpointMetadata? _storing;
    private bool _committingCheckpoint;
    private DateTimeOffset _checkpointEnded;
    private int _checkpointTurn;

    private void ScheduleCheckpoint()
    {
        if (_checkpoints is { } checkpoints)
        {
            SetTimer(JobTimerKind.Checkpoint, ++_checkpointTurn, checkpoints.Settings.Interval);
        }
    }

    private void TriggerCheckpoint()
    {
        ScheduleCheckpoint();
        if (_checkpoints!.Pending is not null
            || _committingCheckpoint
            || _time.GetUtcNow() - _checkpointEnded < _checkpoints.Settings.MinPause
            || !AllTakePart())
        {
            return;
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

        return isSource;
    }

    private void SourcesSnapshotted(JobEvent.SourcesSnapshotted snapshotted)
    {
        if (_checkpoints?.Pending is not { } pending || pending.Number != snapshotted.Checkpoint)
        {
            return;
        }

        if (snapshotted.Failure is { } failure)
        {
            CheckpointFailed(failure);
            return;
        }

        pending.Take(snapshotted.Sources);
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
                    silo, new CheckpointOrder(_submission.Job, _epoch, pending.Number, sources)));
            }
        }

        StoreIfComplete();
    }

    private void Take(ExecutionAttemptId attempt, SubtaskCheckpoint part)
    {
        _checkpoints?.Take(attempt, part);
        if (part.Failure is { } failure && _checkpoints?.Pending?.Number == part.Checkpoint)
        {
            CheckpointFailed(failure);
            return;
        }

        StoreIfComplete();
    }

    private void CountAsFinished(SubtaskExecution execution)
    {
        if (_checkpoints?.Pending is { } pending && execution.Result is { } result)
        {
            pending.Take(execution.Id, result);
            StoreIfComplete();
        }
    }

    private void StoreIfComplete()
    {
        if (_phase != JobPhase.Running
            || _storing is not null
            || _checkpoints?.Pending is not { IsComplete: true } done)
        {
            return;
        }

        _storing = new CheckpointMetadata(
            _submission.Job,
            _submission.Graph.Name,
            done.Number,
            _epoch,
            _time.GetUtcNow(),
            [
                .. _graph.Plan.Vertices.Select((vertex, index) => new RestoredVertex(
                    vertex.Id, [.. _graph.Of(index).Select(one => done.StateOf(one.Id))])),
            ],
            done.Sources(),
            _checkpoints.Uncommitted(done.Number));
        Do(new JobEffect.StoreCheckpoint(_storing));
    }

    private void CheckpointStored(JobEvent.CheckpointStored stored)
    {
        if (_storing is not { } storing || storing.Number != stored.Checkpoint)
        {
            return;
        }

        _storing = null;
        if (_checkpoints!.Pending?.Number != stored.Checkpoint)
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
        Do(new JobEffect.SettleSources(storing.Number, _checkpoints.Pending.Received));
        RetainedCheckpoint completed = _checkpoints.Completed(storing);
        _completed.Add(completed, storing.Files(), _checkpoints.LastNumber);
        _checkpointEnded = _time.GetUtcNow();
        _committingCheckpoint = true;
        Write(RecordStep.Checkpointed, Status, null);
    }

    private void CheckpointRecorded()
    {
        Clean(_completed.Release(_checkpoints!.OldestPending));
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
        if (_checkpoints?.Pending is { } pending && (int)pending.Number == number)
        {
            CheckpointFailed(FailureInfo.Of(new TimeoutException(
                $"Checkpoint {number} was not complete within {_checkpoints.Settings.Timeout}.")));
        }
    }

    private void CheckpointFailed(FailureInfo failure)
    {
        long number = _checkpoints!.Pending!.Number;
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
        if (_checkpoints?.Pending is not null)
        {
            _checkpoints.Abandon();
            _completed.LeaveBehind();
        }
    }

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
            [.. _checkpoints?.Uncommitted(long.MaxValue) ?? [], .. outcome.Committables]),
    };
}
