using Millrace.Graph;
using Millrace.State;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Gives a chain what was in flight to and from the subtasks of a former vertex.</summary>
/// <remarks>Of each way exactly one chain of the program takes what was on it: that which has the operator it was on
/// its way to, or, of what had not been sent, that which has the operator that writes.</remarks>
internal static class InFlightRestore
{
    /// <summary>Before the first round.</summary>
    /// <param name="subtasks">What the subtasks of a vertex that had operators of this chain have left, in their
    /// order.</param>
    /// <param name="own">Which subtask this is.</param>
    /// <param name="isOtherProgram">Whether the program may be another one than that which wrote it.</param>
    /// <param name="chain">Takes what is its own. What was in flight to operators that the program no longer has is
    /// left out, as their state is: that was allowed, or the job would have been refused.</param>
    /// <exception cref="IncompatibleStateException">An operator no longer has the edge that records were in flight on,
    /// or they cannot be taken over.</exception>
    public static void Restore(
        IReadOnlyList<SubtaskSnapshot> subtasks, SubtaskPlace own, bool isOtherProgram, OperatorChain chain)
    {
        for (int i = 0; i < subtasks.Count; i++)
        {
            InFlightHeir heir = new(new SubtaskPlace(i, subtasks.Count), own, isOtherProgram);
            if (!heir.IsSame && subtasks.Count == own.Count)
            {
                continue;
            }

            foreach (InFlightSection section in subtasks[i].Incoming)
            {
                RestoreIncoming(section, heir, chain.Links);
            }

            foreach (InFlightSection section in subtasks[i].Outgoing)
            {
                RestoreOutgoing(section, heir, chain.Links);
            }
        }
    }

    private static void RestoreIncoming(InFlightSection section, InFlightHeir heir, ChainLinks links)
    {
        if (links.Program.Nodes.FirstOrDefault(one => one.Id.ToString() == section.Operator) is not { } node)
        {
            return;
        }

        foreach (InFlightPart part in section.Parts)
        {
            RequireEdge(node, section.Input, part.Edge);
        }

        // From the tails to the head: of an operator behind a copying step, the step is what records come to.
        links.InFlight.FindLast(one => one.Operator == section.Operator && one.Number == section.Input)
            ?.Restore(section, heir);
    }

    private static void RestoreOutgoing(InFlightSection section, InFlightHeir heir, ChainLinks links)
    {
        HashSet<string> sent = [];
        foreach (ChainOutput output in links.Leaving.Where(
            one => one.Operator == section.Operator && one.Input == section.Input))
        {
            sent.Add(output.Edge);
            InFlightPart[] parts = [.. section.Parts.Where(part => part.Edge == output.Edge)];
            if (parts.Length > 0)
            {
                output.Restore(section with { Parts = parts }, heir);
            }
        }

        // Those edges lead within the chain now, or none of them does that begins here.
        InFlightSection within = section with { Parts = [.. section.Parts.Where(part => !sent.Contains(part.Edge))] };
        if (within.Parts.Count > 0)
        {
            RestoreIncoming(within, heir, links);
        }
    }

    private static void RequireEdge(StreamNode node, int input, string edge)
    {
        if (!node.Inputs.Exists(one => one.Input == input && (edge.Length == 0 || one.Name == edge)))
        {
            throw new IncompatibleStateException(
                $"The checkpoint holds records on their way to input {input} of {node}" +
                $"{(edge.Length == 0 ? "" : $" from {edge}")}, where the program has no such edge any more: go on " +
                "with the program that took it, or from a savepoint, which holds none.");
        }
    }
}
