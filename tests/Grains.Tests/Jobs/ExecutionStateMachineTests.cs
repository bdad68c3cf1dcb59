using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs;

[TestClass]
public sealed class ExecutionStateMachineTests
{
    private static readonly Dictionary<ExecutionState, ExecutionState[]> Allowed = new()
    {
        [ExecutionState.Created] = [ExecutionState.Scheduled, ExecutionState.Canceled, ExecutionState.Failed],
        [ExecutionState.Scheduled] = [ExecutionState.Deploying, ExecutionState.Canceled, ExecutionState.Failed],
        [ExecutionState.Deploying] =
        [
            ExecutionState.Initializing, ExecutionState.Running, ExecutionState.Finished,
            ExecutionState.Canceling, ExecutionState.Canceled, ExecutionState.Failed,
        ],
        [ExecutionState.Initializing] =
        [
            ExecutionState.Running, ExecutionState.Finished,
            ExecutionState.Canceling, ExecutionState.Canceled, ExecutionState.Failed,
        ],
        [ExecutionState.Running] =
        [
            ExecutionState.Finished, ExecutionState.Canceling, ExecutionState.Canceled, ExecutionState.Failed,
        ],
        [ExecutionState.Canceling] = [ExecutionState.Finished, ExecutionState.Canceled, ExecutionState.Failed],
        [ExecutionState.Finished] = [],
        [ExecutionState.Canceled] = [],
        [ExecutionState.Failed] = [],
    };

    [TestMethod]
    public void Each_pair_of_states_is_allowed_or_refused_as_the_table_says()
    {
        foreach (ExecutionState from in Enum.GetValues<ExecutionState>())
        {
            foreach (ExecutionState to in Enum.GetValues<ExecutionState>())
            {
                Assert.AreEqual(Allowed[from].Contains(to), from.MayBecome(to), $"{from} -> {to}");
            }
        }
    }
}
