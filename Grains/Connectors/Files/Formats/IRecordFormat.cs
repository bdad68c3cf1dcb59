namespace Millrace.Connectors.Files.Formats;

/// <summary>Turns records into lines of a file, on behalf of one writer.</summary>
internal interface IRecordFormat<T>
{
    /// <summary>Appends what stands at the beginning of each file.</summary>
    void Begin(Utf8Buffer buffer);

    /// <summary>Appends records until all are done or the buffer holds so many bytes.</summary>
    /// <returns>How many were appended; at least one, when there is one.</returns>
    int Append(Utf8Buffer buffer, ReadOnlySpan<T> records, int untilBytes);
}
