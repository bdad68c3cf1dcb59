namespace Millrace.Checkpointing.Statistics;

/// <summary>Where a checkpoint is.</summary>
public enum CheckpointStatus
{
    /// <summary>Its parts are still coming.</summary>
    InProgress,

    /// <summary>The job can go on from it.</summary>
    Completed,

    /// <summary>It came to nothing.</summary>
    Failed,
}
