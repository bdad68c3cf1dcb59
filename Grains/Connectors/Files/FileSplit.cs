namespace Millrace.Connectors.Files;

/// <summary>What one reader reads in one go: a part of a large file, or several small files.</summary>
/// <param name="Ranges">In the order in which they are read; at least one.</param>
public sealed record FileSplit(FileRange[] Ranges)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Ranges.Length == 1 ? Ranges[0].ToString() : $"{Ranges[0]} and {Ranges.Length - 1} more";
}
