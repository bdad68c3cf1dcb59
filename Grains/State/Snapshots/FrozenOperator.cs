namespace Millrace.State.Snapshots;

/// <summary>What one operator in one subtask keeps, at a cut: what may be large is frozen, the rest is there.</summary>
internal sealed record FrozenOperator : IDisposable
{
    /// <summary>State and timers by key group (docs/formats/keyed-state.md), or null.</summary>
    public FrozenState? Keyed { get; init; }

    /// <summary>State that belongs to no key (docs/formats/operator-state.md), or null.</summary>
    public FrozenState? Unkeyed { get; init; }

    /// <summary>What is dealt out anew among subtasks: splits of a source, states of a sink's writers.</summary>
    public OperatorItems Items { get; init; } = OperatorItems.None;

    /// <summary>What a sink's committer is to make visible once the checkpoint is complete.</summary>
    public IReadOnlyList<byte[]> Committables { get; init; } = [];

    /// <inheritdoc cref="OperatorSnapshot.Watermark"/>
    public long Watermark { get; init; } = long.MinValue;

    /// <summary>Writes all of it at once, and disposes it.</summary>
    public OperatorSnapshot ToSnapshot()
    {
        using (this)
        {
            return new OperatorSnapshot(Keyed?.ToArray() ?? [])
            {
                Unkeyed = Unkeyed?.ToArray() ?? [],
                Items = Items,
                Committables = Committables,
                Watermark = Watermark,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Keyed?.Dispose();
        Unkeyed?.Dispose();
    }
}
