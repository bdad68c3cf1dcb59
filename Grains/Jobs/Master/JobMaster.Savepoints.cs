using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Graph;

namespace Millrace.Jobs.Master;

/// <content>Savepoints: their turn, what completes them, and the end of a job that stops with one.</content>
internal sealed partial class JobMaster
{
    private readonly SavepointRequests _savepoints = new();
    private StoppingSavepoint? _endsWith;

    /// <summary>What became of a request; null when it is not known here.</summary>
    public SavepointProgress? ProgressOf(SavepointId id) => _savepoints.Find(id)?.Progress;

    // Of an epoch before, which had decided to end with it.
    private void EndWith(StoppingSavepoint savepoint)
    {
        _endsWith = savepoint;
        RequestedSavepoint known =
            _savepoints.Add(savepoint.Id, new SavepointOrder(savepoint.Folder, SavepointKind.Suspend));
        known.Checkpoint = long.MaxValue;
    }

    private void SavepointAsked(JobEvent.SavepointAsked asked)
    {
        if (_savepoints.Find(asked.Id) is not null)
        {
            return;
        }

        bool hasRoom = _savepoints.HasRoom;
        RequestedSavepoint savepoint = _savepoints.Add(asked.Id, asked.Order);
        string? refusal = hasRoom
            ? WhyNoSavepoint()
            : $"{SavepointRequests.MaxOpen} others are asked for and not taken yet.";
        if (refusal is not null)
        {
            savepoint.Fail(NoSavepoint(refusal));
            return;
        }

        SetTimer(JobTimerKind.Savepoint, savepoint.Number, asked.Patience);
    }

    // After each step, whatever it was: a savepoint waits for nobody else.
    private void ContinueSavepoints()
    {
        if (!_savepoints.Open.Any())
        {
            return;
        }

        if (WhyNoSavepoint() is { } refusal)
        {
            foreach (RequestedSavepoint open in _savepoints.Open.Where(one => one.Id != _endsWith?.Id).ToArray())
            {
                GiveUp(open, NoSavepoint(refusal));
            }

            return;
        }

        if (_savepoints.UnderWay is { AwaitsCommit: true })
        {
            TryBegin();
            return;
        }

        if (_savepoints.Next is { } next && IsRecorded(next) && TryBegin() is { } begun)
        {
            next.Checkpoint = begun.Number;
        }
    }

    // Before there can be any file of it: whoever takes over removes what has come to nothing.
    private bool IsRecorded(RequestedSavepoint savepoint)
    {
        if (savepoint.Record == SavepointRecording.None && _phase == JobPhase.Running)
        {
            foreach (RequestedSavepoint open in _savepoints.Open.Where(
                static one => one.Record == SavepointRecording.None))
            {
                open.Record = SavepointRecording.Writing;
            }

            Write(RecordStep.SavepointBegun, Status, null);
        }

        return savepoint.Record == SavepointRecording.Written
            && _leftBehind.TrueForAll(one => one.Folder != savepoint.Order.Folder);
    }

    private void SavepointsRecorded(RecordStep step)
    {
        foreach (RequestedSavepoint open in _savepoints.Open.ToArray())
        {
            if (step == RecordStep.SavepointBegun && open.Record == SavepointRecording.Writing)
            {
                open.Record = SavepointRecording.Written;
            }
            else if (step == RecordStep.SavepointTaken && open.IsWhole)
            {
                open.Complete();
            }
        }
    }

    /// <summary>The savepoints of which there may be files that nobody has been told of.</summary>
    private ImmutableArray<OpenSavepoint> OpenSavepoints() =>
    [
        .. _leftBehind,
        .. _savepoints.Open
            .Where(one => one is { Record: not SavepointRecording.None, IsWhole: false } && one.Id != _endsWith?.Id)
            .Select(static one => new OpenSavepoint(one.Id, one.Order.Folder)),
    ];

    private string? WhyNoSavepoint()
    {
        if (_submission.Graph.Settings.Mode == RuntimeMode.Batch)
        {
            return "it runs in batch mode, which has none: what is lost is made again.";
        }

        if (_endsWith is not null)
        {
            return "the job stops with another savepoint.";
        }

        bool isOver = _phase is JobPhase.DecidingCommit or JobPhase.Committing or JobPhase.GivingUpCommit
            or JobPhase.Ending or JobPhase.Ended;
        return isOver || _goal is JobGoal.Cancel or JobGoal.Fail
            ? $"the job is {Status}{(_history.Root is { } root ? $": {root}" : ".")}"
            : null;
    }

    private FailureInfo NoSavepoint(string reason) =>
        SavepointFailures.Of(_submission.Graph.Name, _submission.Job, reason);

    // All parts are there.
    private void SavepointComplete(RequestedSavepoint savepoint, PendingCheckpoint done)
    {
        savepoint.Metadata = new SavepointMetadata(savepoint.Id, savepoint.Order.Kind, ContentOf(done));
        EndTimeout(done.Number);
        Do(new JobEffect.SettleSources(done.Number, null));
        _checkpoints.Abandon();
        _checkpointEnded = _time.GetUtcNow();
        TellTasks(done.Number);
        if (!savepoint.Order.Halts && savepoint.Metadata.Snapshot.HasCommittables)
        {
            // What its sinks had written is made visible by a checkpoint first: else it would be lost with the job.
            savepoint.AwaitsCommit = true;
            return;
        }

        Store(savepoint);
    }

    private void SavepointCommitted()
    {
        if (_savepoints.UnderWay is { AwaitsCommit: true, Metadata: { } metadata } savepoint
            && _latest is { Committables.IsEmpty: true } latest
            && latest.Number > savepoint.Checkpoint)
        {
            savepoint.AwaitsCommit = false;
            savepoint.Metadata = metadata with { Snapshot = metadata.Snapshot.WithoutCommittables() };
            Store(savepoint);
        }
    }

    private void Store(RequestedSavepoint savepoint)
    {
        savepoint.IsStoring = true;
        Do(new JobEffect.StoreSavepoint(savepoint.Order.Folder, savepoint.Metadata!));
    }

    private void SavepointStored(JobEvent.SavepointStored stored)
    {
        if (_savepoints.Find(stored.Id) is not { IsStoring: true } savepoint)
        {
            return;
        }

        savepoint.IsStoring = false;
        if (_endsWith?.Id == savepoint.Id)
        {
            if (_phase == JobPhase.Committing)
            {
                WriteEnd(JobStatus.Finished);
            }
        }
        else if (!savepoint.IsOpen)
        {
            Discard(savepoint);
            if (_phase == JobPhase.Ended)
            {
                EndUnlessStoring();
            }
        }
        else if (stored.Failure is { } failure)
        {
            GiveUp(savepoint, failure);
        }
        else if (savepoint.Order.Halts)
        {
            StopWith(savepoint);
        }
        else
        {
            // From here on nobody removes it: it is told when the record says so.
            savepoint.IsWhole = true;
            Write(RecordStep.SavepointTaken, Status, null);
        }
    }

    // Recorded before anything stops: from then on the job ends with what the savepoint holds, whoever is in charge.
    private void StopWith(RequestedSavepoint savepoint)
    {
        _endsWith = new StoppingSavepoint(savepoint.Id, savepoint.Order.Folder);
        _goal = JobGoal.Finish;
        _checkpointTurn++;
        _outcome = WithUncommitted(_results.Build());
        _phase = JobPhase.DecidingCommit;
        Write(RecordStep.CommitDecided, JobStatus.Running, _outcome);
    }

    private void Decided()
    {
        if (_endsWith is null)
        {
            Commit();
            return;
        }

        // Subtasks stand still behind the cut.
        _phase = JobPhase.Stopping;
        CancelExecutions();
        SetTimer(JobTimerKind.Stop, ++_stops, _stopPatience);
        ContinueStopping();
    }

    // The savepoint need not commit again what is visible now, and what others may use from here on.
    private void Committed()
    {
        if (_endsWith is { } endsWith
            && _savepoints.Find(endsWith.Id) is { Metadata: { } metadata } savepoint
            && _outcome is { Committables.IsEmpty: false })
        {
            savepoint.Metadata = metadata with { Snapshot = metadata.Snapshot.WithoutCommittables() };
            Store(savepoint);
            return;
        }

        WriteEnd(JobStatus.Finished);
    }

    private void SavepointEnded()
    {
        if (_endsWith is { } endsWith && _savepoints.Find(endsWith.Id) is { } savepoint)
        {
            if (_goal == JobGoal.Finish)
            {
                savepoint.Complete();
                return;
            }

            savepoint.Fail(NoSavepoint(
                $"its results could not be made visible: {_history.Root} The savepoint is whole: a job that goes on "
                + $"from '{SavepointLocation.Describe(endsWith.Folder)}' makes them visible."));
        }
    }

    private CheckpointMetadata ContentOf(PendingCheckpoint done)
    {
        ImmutableArray<SourceState> sources = done.Sources();
        return new CheckpointMetadata(
            _submission.Job,
            _submission.Graph.Name,
            done.Number,
            _epoch,
            _time.GetUtcNow(),
            [
                .. _graph.Plan.Vertices.Select((vertex, index) => new RestoredVertex(
                    vertex.Id, [.. _graph.Of(index).Select(one => done.StateOf(one.Id))])),
            ],
            sources,
            _checkpoints.Uncommitted(done.Number))
        {
            Operators =
            [
                .. _graph.Plan.Vertices.SelectMany(vertex => vertex.Operators.Select(one => Kept(vertex, one))),
            ],
            InFlight = done.InFlight,
        };

        SnapshotOperator Kept(JobVertex vertex, JobOperator one)
        {
            (long keyed, long other) = done.SizeOf(one.Id);
            long source = sources.Where(source => source.Source == one.Id)
                .Sum(static source => source.Enumerator.Length + source.Returned.Sum(split => (long)split.Length));
            return new SnapshotOperator(
                vertex.Id,
                one.Id,
                one.Name,
                one.Kind,
                one.Uid,
                vertex.Parallelism,
                vertex.MaxParallelism,
                keyed,
                other + source)
            {
                Inputs = one.Inputs,
            };
        }
    }
}
