namespace Millrace.State.Snapshots;

/// <summary>What one operator in one subtask keeps, as bytes that another process or release can read.</summary>
/// <param name="Keyed">State and timers by key group (docs/formats/keyed-state.md); empty without any.</param>
internal sealed record OperatorSnapshot(ReadOnlyMemory<byte> Keyed)
{
    /// <summary>Of an operator that keeps nothing.</summary>
    public static readonly OperatorSnapshot Empty = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether the operator keeps nothing.</summary>
    public bool IsEmpty => Keyed.IsEmpty;
}
