namespace Millrace.Operators.Sorting;

/// <summary>Reads a sorted run, record by record.</summary>
internal interface ISortedCursor
{
    /// <summary>Number of the run: of two records that are equal otherwise, that of the earlier run came
    /// first.</summary>
    int Run { get; }

    /// <summary>Of the record at hand.</summary>
    SortPlace Place { get; }

    /// <summary>The record at hand, as its serializer wrote it.</summary>
    ReadOnlySpan<byte> Record { get; }

    /// <summary>Goes on to the next record.</summary>
    CursorMove MoveNext();
}

/// <summary>What became of a move.</summary>
internal enum CursorMove
{
    /// <summary>There is a record at hand.</summary>
    Moved,

    /// <summary>The next one is to be fetched first.</summary>
    ToLoad,

    /// <summary>That was the last one.</summary>
    Ended,
}
