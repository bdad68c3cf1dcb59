using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;

namespace Millrace.Jobs.Master;

/// <content>Savepoints that come to nothing, and those whose time is over: nothing of them is left.</content>
internal sealed partial class JobMaster
{
    private readonly List<OpenSavepoint> _leftBehind = [];
    private bool _hasClaimed;

    private void SavepointTooLong(int number)
    {
        if (_savepoints.Find(number) is { IsOpen: true } savepoint && savepoint.Id != _endsWith?.Id)
        {
            string where = savepoint switch
            {
                { Checkpoint: 0 } => "its turn did not come in time, which needs all subtasks at work",
                { AwaitsCommit: true } => "what its sinks had written was not made visible in time",
                { IsStoring: true } => "its metadata was not written in time",
                _ => "not all subtasks told their part in time",
            };
            GiveUp(savepoint, NoSavepoint(
                $"{where} (Millrace:Checkpoints:SavepointTimeout); the job is {Status}."));
        }
    }

    private void GiveUp(RequestedSavepoint savepoint, FailureInfo failure)
    {
        if (savepoint.IsWhole)
        {
            return;
        }

        if (_checkpoints.Pending is { } pending && pending.Number == savepoint.Checkpoint)
        {
            EndTimeout(pending.Number);
            Do(new JobEffect.SettleSources(pending.Number, null));
            _checkpoints.Abandon();
            TellTasks(pending.Number);
        }

        savepoint.Fail(SavepointFailures.Is(failure) ? failure : NoSavepoint($"{failure}"));
        _history.Add(failure, null);
        if (savepoint.Checkpoint > 0)
        {
            savepoint.MayBeWritten = true;
            Discard(savepoint);
        }

        if (_phase == JobPhase.Running && !_graph.AllFinished && savepoint is { Order.Halts: true, IsTriggered: true })
        {
            GoOnWithout(savepoint, failure);
        }
    }

    private void GoOnWithout(RequestedSavepoint savepoint, FailureInfo failure)
    {
        if (savepoint.Order.Kind == SavepointKind.Drain)
        {
            // Time has come to its end, and cannot be taken back but by the latest checkpoint.
            Fail(failure);
            return;
        }

        foreach (string silo in _graph.Silos)
        {
            Do(new JobEffect.GoOn(silo, new CheckpointOrder(
                _submission.Job,
                _epoch,
                savepoint.Checkpoint,
                [.. _graph.On(silo).Select(static one => one.Id)],
                savepoint.Order)));
        }
    }

    private void Discard(RequestedSavepoint savepoint)
    {
        OpenSavepoint gone = new(savepoint.Id, savepoint.Order.Folder);
        if (!_leftBehind.Contains(gone))
        {
            _leftBehind.Add(gone);
        }

        if (!savepoint.IsStoring)
        {
            // Else when that has come to its end.
            Do(new JobEffect.DiscardSavepoint(gone));
        }
    }

    // Of an epoch before, which nobody of writes any more.
    private void DiscardLeftBehind()
    {
        foreach (OpenSavepoint gone in _leftBehind)
        {
            Do(new JobEffect.DiscardSavepoint(gone));
        }
    }

    // Where it could not be removed, the record goes on to say so: whoever takes over tries again.
    private void SavepointDiscarded(JobEvent.SavepointDiscarded discarded)
    {
        if (discarded.IsDone)
        {
            _leftBehind.Remove(discarded.Savepoint);
        }
    }

    // Written before the subtask heard that the savepoint was given up.
    private void DiscardLate(SubtaskCheckpoint part)
    {
        if (part.State?.File is not null && _savepoints.GivenUpAt(part.Checkpoint) is { } gone)
        {
            Discard(gone);
        }
    }

    // A subtask that is told to stop says nothing of a file that it was writing: once it has ended, no more come.
    private void DiscardBehindEnds()
    {
        foreach (RequestedSavepoint gone in _savepoints.StillWritten)
        {
            gone.MayBeWritten = false;
            Discard(gone);
        }
    }

    // What the job was submitted to go on from, and was given: nobody goes back to it any more.
    private void RemoveClaimed()
    {
        if (_submission.Restore is { Claim: true } restore && _restored is { } restored && !_hasClaimed)
        {
            _hasClaimed = true;
            string folder = SavepointLocation.UriOf(restore.Path);
            Do(new JobEffect.RemoveClaimed(
                folder,
                [
                    SavepointFiles.In(folder, SavepointFiles.Metadata),
                    SavepointFiles.In(folder, CheckpointFiles.MetadataName),
                    SavepointFiles.In(folder, CheckpointFiles.CommittedName),
                    .. restored.Vertices.SelectMany(static vertex => vertex.Subtasks)
                        .SelectMany(static subtask => subtask.State?.Files() ?? [])
                        .Where(file => IsIn(folder, file)),
                ]));
        }
    }

    // A checkpoint builds upon files of others, which may be kept as well.
    private static bool IsIn(string folder, string file) =>
        file.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);
}
