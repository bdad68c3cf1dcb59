namespace Millrace.Connectors.Datagen;

/// <summary>What one subtask generates: every so-many-th index.</summary>
/// <param name="First">The first index.</param>
/// <param name="Step">From one index to the next: the number of splits.</param>
/// <param name="End">All indexes are less.</param>
public readonly record struct GeneratedSplit(long First, long Step, long End)
{
    /// <inheritdoc/>
    public override string ToString() => $"{First}, {First + Step} ... below {End}";
}
