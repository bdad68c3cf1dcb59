namespace Millrace.Functions;

/// <summary>A function that keeps something in fields and puts it into its state when a snapshot is taken.</summary>
/// <remarks>For functions with operator state (<see cref="RuntimeContext.GetOperatorState"/>); what is restored stands
/// in the state when <see cref="IRichFunction.Open"/> is called. Other functions that can have none of that state are told
/// of snapshots as well, so that they can bring up to date what they keep somewhere else; but for maps and filters
/// without keys, which share an operator with others and are refused.</remarks>
public interface ICheckpointedFunction : IRichFunction
{
    /// <summary>A snapshot is about to be taken, between two records or timers: the last chance to bring the state up
    /// to date. On the subtask's loop; must not block.</summary>
    void SnapshotState();
}
