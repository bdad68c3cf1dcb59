namespace Millrace.State.Snapshots;

/// <summary>What one operator in one subtask keeps, as bytes that another process or release can read.</summary>
/// <param name="Keyed">State and timers by key group (docs/formats/keyed-state.md); empty without any.</param>
internal sealed record OperatorSnapshot(ReadOnlyMemory<byte> Keyed)
{
    /// <summary>Of an operator that keeps nothing.</summary>
    public static readonly OperatorSnapshot Empty = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>What is dealt out anew among subtasks: splits of a source, states of a sink's writers.</summary>
    public OperatorItems Items { get; init; } = OperatorItems.None;

    /// <summary>What a sink's committer is to make visible once the checkpoint is complete.</summary>
    public IReadOnlyList<byte[]> Committables { get; init; } = [];

    /// <summary>Whether the operator keeps nothing.</summary>
    public bool IsEmpty => Keyed.IsEmpty && Items.Values.Count == 0 && Committables.Count == 0;
}
