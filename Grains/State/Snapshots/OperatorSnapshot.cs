namespace Millrace.State.Snapshots;

/// <summary>What one operator in one subtask kept at a cut, as it is restored.</summary>
/// <param name="Keyed">State and timers by key group (docs/formats/keyed-state.md); empty without any.</param>
internal sealed record OperatorSnapshot(KeyedSnapshot Keyed)
{
    /// <summary>Of an operator that keeps nothing.</summary>
    public static readonly OperatorSnapshot Empty = new(KeyedSnapshot.Empty);

    /// <summary>Of an operator whose input had ended: it keeps nothing, and holds back nobody's time.</summary>
    public static readonly OperatorSnapshot Ended = Empty with { Watermark = long.MaxValue };

    /// <summary>What is dealt out anew among subtasks: splits of a source, states of a sink's writers.</summary>
    public OperatorItems Items { get; init; } = OperatorItems.None;

    /// <summary>What a sink's committer is to make visible once the checkpoint is complete.</summary>
    public IReadOnlyList<byte[]> Committables { get; init; } = [];

    /// <summary>State that belongs to no key (docs/formats/operator-state.md); empty without any.</summary>
    public ReadOnlyMemory<byte> Unkeyed { get; init; }

    /// <summary>How far event time had come, in milliseconds since 1970-01-01 UTC: what was late stays late.
    /// <see cref="long.MinValue"/> where the operator does not care.</summary>
    public long Watermark { get; init; } = long.MinValue;

    /// <summary>Whether the operator keeps nothing.</summary>
    public bool IsEmpty => Keyed.IsEmpty && Unkeyed.IsEmpty && Watermark == long.MinValue
        && Items.Values.Count == 0 && Committables.Count == 0;

    /// <summary>How far event time had come in all of several subtasks.</summary>
    public static long WatermarkOf(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        long least = snapshots.Count == 0 ? long.MinValue : long.MaxValue;
        foreach (OperatorSnapshot snapshot in snapshots)
        {
            least = Math.Min(least, snapshot.Watermark);
        }

        return least;
    }
}
