namespace Millrace.Checkpointing.Statistics;

/// <summary>Why a checkpoint came to nothing.</summary>
public enum CheckpointFailureReason
{
    /// <summary>It was not complete within its timeout.</summary>
    Expired,

    /// <summary>A subtask could not store its part.</summary>
    StateNotStored,

    /// <summary>What the checkpoint consists of could not be stored.</summary>
    MetadataNotStored,

    /// <summary>The job's side of a source did not tell where it is.</summary>
    SourceFailed,

    /// <summary>The order to begin did not reach a silo.</summary>
    TriggerFailed,

    /// <summary>Sources came to the end of their input when it was under way, and took longer than its timeout to work
    /// off what was left. Not counted as failed.</summary>
    SubtasksEnding,

    /// <summary>The job was restarted, stopped, or came to its end. Not counted as failed.</summary>
    JobStopped,

    /// <summary>Some of the job's subtasks failed and were restarted while the others went on. Not counted as
    /// failed.</summary>
    SubtasksRestarted,
}
