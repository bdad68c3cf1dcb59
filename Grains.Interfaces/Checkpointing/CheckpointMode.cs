namespace Millrace.Checkpointing;

/// <summary>What a job that goes on from a checkpoint may have done to a record.</summary>
public enum CheckpointMode
{
    /// <summary>Every record has changed state once: a subtask reads nothing that came behind the cut on one of its
    /// channels before its own state is cut.</summary>
    ExactlyOnce,

    /// <summary>Some records may have changed state twice: no channel is held back until the cut has come on the
    /// others.</summary>
    AtLeastOnce,
}
