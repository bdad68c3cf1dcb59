namespace Millrace.State;

/// <summary>Names a state of an operator and says what it holds.</summary>
/// <remarks>
/// The name is the state's identity: it is unique within its operator, and what was saved under it is found again after
/// a restart as long as the name, the kind and the types stay the same or the types change in a way that can be
/// read (docs/formats/records.md). Handed to <c>RuntimeContext.GetState</c>, usually when a function is opened.
/// </remarks>
public abstract class StateDescriptor
{
    private protected StateDescriptor(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Unique within the operator.</summary>
    public string Name { get; }

    /// <summary>How long values stay, or null for as long as nobody clears them.</summary>
    public StateTtlConfig? TimeToLive { get; init; }

    /// <summary>What is kept, with its types, for people and to tell two states of one name apart.</summary>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}', {Description}";
}
