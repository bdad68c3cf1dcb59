namespace Millrace.Functions;

/// <summary>A function that keeps something in fields and puts it into its state when a snapshot is taken.</summary>
/// <remarks>For functions with operator state (<see cref="RuntimeContext.GetOperatorState"/>); what is restored stands
/// in the state when <see cref="IRichFunction.Open"/> is called. A function that can have none of that state is told of
/// snapshots as well, so that it can bring up to date what it keeps somewhere else.</remarks>
public interface ICheckpointedFunction : IRichFunction
{
    /// <summary>A snapshot is about to be taken, between two records or timers: the last chance to bring the state up
    /// to date. On the subtask's loop; must not block.</summary>
    void SnapshotState();
}
