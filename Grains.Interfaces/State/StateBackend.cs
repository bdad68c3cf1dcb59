namespace Millrace.State;

/// <summary>What the state of a job is kept in while it is worked on. Its checkpoints are the same either
/// way.</summary>
public enum StateBackend
{
    /// <summary>In memory: fast, and no larger than that.</summary>
    Heap,

    /// <summary>On a local disk, with as much of it in memory as the silo's budget has room for.</summary>
    Disk,
}
