namespace Millrace.Connectors.Files.Reading;

/// <summary>Consecutive bytes of a range: nothing but lines that belong to it.</summary>
/// <param name="Range">The range they are of.</param>
/// <param name="Position">Position of the first byte in the file.</param>
/// <param name="From">Where the bytes begin in their chunk.</param>
/// <param name="To">Where they end in their chunk.</param>
/// <param name="EndsRange">Whether the last line of the range ends here.</param>
internal readonly record struct FilePiece(FileRange Range, long Position, int From, int To, bool EndsRange)
{
    /// <summary>The first record of the file, where it names the fields and the range does not begin with it.</summary>
    public byte[]? Header { get; init; }

    /// <summary>The file.</summary>
    public string Path => Range.Path;
}
