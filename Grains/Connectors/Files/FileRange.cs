namespace Millrace.Connectors.Files;

/// <summary>The lines of a file whose first byte lies within a range.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Start">First byte of the range; of a compressed file, counted after unpacking.</param>
/// <param name="End">First byte after the range; <see cref="long.MaxValue"/> stands for the end of the file.</param>
/// <param name="Compression">How the file is packed.</param>
public readonly record struct FileRange(string Path, long Start, long End, FileCompression Compression)
{
    /// <inheritdoc/>
    public override string ToString() => End == long.MaxValue ? $"{Path}:{Start}-" : $"{Path}:{Start}-{End}";
}
