using Millrace.State;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Gives a chain what was in flight to and from the subtasks of a former vertex.</summary>
internal static class InFlightRestore
{
    /// <summary>Before the first round.</summary>
    /// <param name="subtasks">What the subtasks of a vertex that had operators of this chain have left, in their
    /// order.</param>
    /// <param name="own">Which subtask this is.</param>
    /// <param name="chain">Takes what is its own; what was in flight to operators that the program no longer has is
    /// left out, as their state is.</param>
    /// <exception cref="IncompatibleStateException">An operator no longer has the input it was in flight
    /// to.</exception>
    public static void Restore(IReadOnlyList<SubtaskSnapshot> subtasks, SubtaskPlace own, OperatorChain chain)
    {
        for (int i = 0; i < subtasks.Count; i++)
        {
            SubtaskPlace former = new(i, subtasks.Count);
            if (former != own && subtasks.Count == own.Count)
            {
                continue;
            }

            foreach (InFlightSection section in subtasks[i].Incoming)
            {
                RestoreIncoming(section, former, own, chain);
            }

            foreach (InFlightSection section in subtasks[i].Outgoing)
            {
                RestoreOutgoing(section, former, own, chain);
            }
        }
    }

    private static void RestoreIncoming(
        InFlightSection section, SubtaskPlace former, SubtaskPlace own, OperatorChain chain)
    {
        if (chain.Links.InFlight.Exists(one => one.Operator == section.Operator))
        {
            // From the tails to the head: of an operator behind a copying step, the step is what records come to.
            ChainInput input = chain.Links.InFlight.FindLast(
                one => one.Operator == section.Operator && one.Number == section.Input)
                ?? throw new IncompatibleStateException(
                    $"The checkpoint holds records on their way to input {section.Input} of operator " +
                    $"{section.Operator}, which has no such input any more: go on from a savepoint, which holds none.");
            input.Restore(section, former, own);
        }
    }

    private static void RestoreOutgoing(
        InFlightSection section, SubtaskPlace former, SubtaskPlace own, OperatorChain chain)
    {
        bool isSent = false;
        foreach (ChainOutput output in chain.Links.Leaving.Where(
            one => one.Operator == section.Operator && one.Input == section.Input))
        {
            isSent |= output.Restore(section, former, own);
        }

        if (!isSent)
        {
            // The edge may lead within the chain now.
            RestoreIncoming(section, former, own, chain);
        }
    }
}
