namespace Millrace.Tasks;

/// <summary>State of one execution attempt; Flink's states and spelling.</summary>
public enum ExecutionState
{
    /// <summary>Waits to be scheduled.</summary>
    Created,

    /// <summary>Waits for a slot.</summary>
    Scheduled,

    /// <summary>On its way to a silo.</summary>
    Deploying,

    /// <summary>On its silo, not yet processing.</summary>
    Initializing,

    /// <summary>Processing.</summary>
    Running,

    /// <summary>All input processed.</summary>
    Finished,

    /// <summary>Told to stop, not yet stopped.</summary>
    Canceling,

    /// <summary>Stopped on request.</summary>
    Canceled,

    /// <summary>Stopped by an error.</summary>
    Failed,
}

/// <summary>What can be said about an execution state.</summary>
public static class ExecutionStates
{
    /// <summary>Whether nothing of the attempt runs any more, and nothing ever will.</summary>
    public static bool IsTerminal(this ExecutionState state) =>
        state is ExecutionState.Finished or ExecutionState.Canceled or ExecutionState.Failed;
}
