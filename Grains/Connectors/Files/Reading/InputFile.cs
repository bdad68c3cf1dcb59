namespace Millrace.Connectors.Files.Reading;

/// <summary>A file of the input as it was found.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Length">In bytes, as stored.</param>
internal readonly record struct InputFile(string Path, long Length)
{
    public FileCompression Compression =>
        Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? FileCompression.Gzip : FileCompression.None;
}
