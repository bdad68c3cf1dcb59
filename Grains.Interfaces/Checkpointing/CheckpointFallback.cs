namespace Millrace.Checkpointing;

/// <summary>Whether a job may go back to an earlier checkpoint when the latest one is damaged.</summary>
public enum CheckpointFallback
{
    /// <summary>When no result can appear twice by it: no sink has made anything visible with the checkpoints that are
    /// passed over. Otherwise the job fails, and says so.</summary>
    WhenExact,

    /// <summary>Always. What sinks have made visible with the checkpoints that are passed over is made again, and
    /// appears twice unless the sink replaces it.</summary>
    Always,

    /// <summary>Never: the job fails.</summary>
    Never,
}
