namespace Millrace.State.OperatorStates;

/// <summary>Which broadcast states an operator has, and whether they may be changed at present. Belongs to its
/// loop.</summary>
internal sealed class BroadcastAccess(string operatorName)
{
    /// <summary>All that there are, as the broadcast stream declares them; null where functions make them as they
    /// like.</summary>
    public IReadOnlyList<MapStateDescriptor>? Declared { get; set; }

    /// <summary>Whether work is done that only one subtask does: what it changes would make the copies
    /// differ.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Makes sure that a state may be changed.</summary>
    /// <exception cref="InvalidStateUseException">It may not.</exception>
    public void RequireWritable(string name)
    {
        if (IsReadOnly)
        {
            throw new InvalidStateUseException(
                $"Operator '{operatorName}' changes broadcast state '{name}' for a record or timer that one subtask " +
                "handles: the copies of the others would differ. Change it in ProcessBroadcastElement only, where " +
                "every subtask makes the same change.");
        }
    }

    /// <summary>Makes sure that a state is one of the broadcast stream's.</summary>
    /// <exception cref="InvalidStateUseException">It is not.</exception>
    public void RequireDeclared(MapStateDescriptor descriptor)
    {
        if (Declared is null || Declared.Any(declared => declared.Name == descriptor.Name))
        {
            return;
        }

        throw new InvalidStateUseException(
            $"Operator '{operatorName}' asks for broadcast state {descriptor}, which its broadcast stream does not " +
            $"declare: that has {string.Join(" and ", Declared)}. Hand the descriptor to .Broadcast(...).");
    }
}
