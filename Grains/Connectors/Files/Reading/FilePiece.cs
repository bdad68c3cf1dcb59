namespace Millrace.Connectors.Files.Reading;

/// <summary>Consecutive bytes of a range: nothing but lines that belong to it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Position">Position of the first byte in the file.</param>
/// <param name="From">Where the bytes begin in their chunk.</param>
/// <param name="To">Where they end in their chunk.</param>
/// <param name="EndsRange">Whether the last line of the range ends here.</param>
internal readonly record struct FilePiece(string Path, long Position, int From, int To, bool EndsRange);
