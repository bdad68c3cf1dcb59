namespace Millrace.Connectors.Hybrid;

/// <summary>A split of one of several sources.</summary>
/// <param name="Source">Which source, from 0.</param>
/// <param name="Split">The split with its shape, as bytes.</param>
public sealed record HybridSplit(int Source, byte[] Split)
{
    /// <inheritdoc/>
    public override string ToString() => $"a split of source {Source}";
}
