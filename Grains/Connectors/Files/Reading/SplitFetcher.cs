using Millrace.Connectors.Files.Parsing;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Fills chunks with what belongs to a split, range after range.</summary>
/// <remarks>Blocks; runs off the loop, one call at a time. Between two calls the loop may give it the next
/// split.</remarks>
/// <param name="layout">Where records begin and end.</param>
/// <param name="maxLineBytes">Bytes of the longest header.</param>
internal sealed class SplitFetcher(RecordLayout layout, int maxLineBytes) : IDisposable
{
    // Below this, a small file goes into the next chunk.
    private const int LeastFreeBytes = 16 << 10;

    private FileSplit? _split;
    private int _next;
    private RangeReader? _range;

    /// <summary>Whether something of a split is left to fetch.</summary>
    public bool HasMore => _range is not null || (_split is not null && _next < _split.Ranges.Length);

    /// <summary>Goes on with a split; only when nothing is left of the one before.</summary>
    public void Begin(FileSplit split)
    {
        _split = split;
        _next = 0;
    }

    /// <summary>Fills an empty chunk; only when something is left.</summary>
    /// <exception cref="FileReadException">A file cannot be read.</exception>
    public void Fill(FileChunk chunk, CancellationToken cancellationToken)
    {
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            _range ??= Open(_split!.Ranges[_next++]);
            if (_range.Read(chunk, cancellationToken))
            {
                return;
            }

            _range.Dispose();
            _range = null;
        }
        while (HasMore && chunk.FreeBytes >= LeastFreeBytes);

        chunk.EndsSplit = !HasMore;
    }

    public void Dispose() => _range?.Dispose();

    private RangeReader Open(FileRange range) => new(
        range,
        layout.HasHeader && range.Start > 0 ? FileStart.FirstRecord(range, layout, maxLineBytes) : null);
}
