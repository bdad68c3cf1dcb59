using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>Which state of an execution attempt may follow which.</summary>
/// <remarks>States may be skipped forwards: an order's outcome and a subtask's report travel on different
/// ways.</remarks>
internal static class ExecutionStateMachine
{
    public static bool MayBecome(this ExecutionState from, ExecutionState to) => (from, to) switch
    {
        (ExecutionState.Created, ExecutionState.Scheduled) => true,
        (ExecutionState.Scheduled, ExecutionState.Deploying) => true,
        (ExecutionState.Deploying, ExecutionState.Initializing) => true,
        (ExecutionState.Deploying or ExecutionState.Initializing,
            ExecutionState.Running or ExecutionState.Finished) => true,
        (ExecutionState.Running, ExecutionState.Finished) => true,
        // Only what may be on a silo is told to stop, and may end in any way before it hears of it.
        (ExecutionState.Deploying or ExecutionState.Initializing, ExecutionState.Canceling) => true,
        (ExecutionState.Running, ExecutionState.Canceling) => true,
        (ExecutionState.Canceling, ExecutionState.Finished) => true,
        _ => !from.IsTerminal() && to is (ExecutionState.Canceled or ExecutionState.Failed),
    };
}
