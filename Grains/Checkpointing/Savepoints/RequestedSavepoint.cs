using Millrace.Checkpointing.Storage;
using Millrace.Failures;

namespace Millrace.Checkpointing.Savepoints;

/// <summary>A savepoint that somebody asked for, from then on to its end.</summary>
/// <param name="number">Counted from 1 within one epoch of the job.</param>
/// <param name="id">The request for it.</param>
/// <param name="order">Where it goes and what becomes of the job.</param>
internal sealed class RequestedSavepoint(int number, SavepointId id, SavepointOrder order)
{
    public int Number => number;

    public SavepointId Id => id;

    public SavepointOrder Order => order;

    /// <summary>What there is to tell whoever asked.</summary>
    public SavepointProgress Progress { get; private set; } = SavepointProgress.UnderWay;

    /// <summary>Whether it is neither complete nor given up.</summary>
    public bool IsOpen => Progress.State == SavepointState.InProgress;

    /// <summary>Number of its cut among those of the job's checkpoints; 0 while it waits for its turn.</summary>
    public long Checkpoint { get; set; }

    /// <summary>Whether the cut was ordered: subtasks may stand still behind it.</summary>
    public bool IsTriggered { get; set; }

    /// <summary>What it consists of, once all parts have come.</summary>
    public SavepointMetadata? Metadata { get; set; }

    /// <summary>Whether it waits for a checkpoint that makes visible what sinks had written before its cut.</summary>
    public bool AwaitsCommit { get; set; }

    /// <summary>Whether its metadata is being written.</summary>
    public bool IsStoring { get; set; }

    /// <summary>Whether everything of it is stored: nothing gives it up any more.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Whether subtasks that nobody hears of any more may still be writing files of it, though it was given
    /// up.</summary>
    public bool MayBeWritten { get; set; }

    /// <summary>Whether the job's record tells of it.</summary>
    public SavepointRecording Record { get; set; }

    /// <summary>It is there, and has done what it was to do.</summary>
    public void Complete()
    {
        AwaitsCommit = false;
        Progress = new SavepointProgress(SavepointState.Completed, SavepointLocation.Describe(order.Folder));
    }

    /// <summary>It is given up.</summary>
    public void Fail(FailureInfo failure)
    {
        AwaitsCommit = false;
        Progress = new SavepointProgress(SavepointState.Failed, Failure: failure);
    }
}

/// <summary>Whether the job's record tells of a savepoint that is under way.</summary>
internal enum SavepointRecording
{
    /// <summary>Not yet: there is no file of it.</summary>
    None,

    /// <summary>It is being written.</summary>
    Writing,

    /// <summary>It does.</summary>
    Written,
}
