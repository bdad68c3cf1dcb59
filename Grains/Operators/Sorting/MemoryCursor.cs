namespace Millrace.Operators.Sorting;

/// <summary>Reads the run that is in memory.</summary>
internal sealed class MemoryCursor(ReadOnlyMemory<SortEntry> entries, ReadOnlyMemory<byte> records, int run)
    : ISortedCursor
{
    private int _at = -1;

    public int Run => run;

    public SortPlace Place
    {
        get
        {
            ref readonly SortEntry entry = ref entries.Span[_at];
            return new SortPlace(entry.Hash, entry.Timestamp);
        }
    }

    public ReadOnlySpan<byte> Record
    {
        get
        {
            SortEntry entry = entries.Span[_at];
            return records.Span.Slice(entry.Offset, entry.Length);
        }
    }

    public CursorMove MoveNext() => ++_at < entries.Length ? CursorMove.Moved : CursorMove.Ended;
}
