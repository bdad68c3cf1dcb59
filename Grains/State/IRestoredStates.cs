namespace Millrace.State;

/// <summary>What an operator was restored with.</summary>
internal interface IRestoredStates
{
    /// <summary>States that nobody has asked for yet, for people: kind and name.</summary>
    IReadOnlyList<string> Unasked { get; }
}
