using System.Runtime.InteropServices;

namespace Millrace.Connectors;

/// <summary>Room for the records of one <see cref="ISourceReader{T,TSplit}.Read"/>.</summary>
public ref struct SourceBatch<T>
{
    private readonly Span<long> _timestamps;
    private readonly bool _canBorrow;
    private Span<T> _values;

    /// <summary>Room over two spans.</summary>
    /// <param name="values">Where records go.</param>
    /// <param name="timestamps">Where their timestamps go: empty, or as long as <paramref name="values"/>.</param>
    public SourceBatch(Span<T> values, Span<long> timestamps = default)
    {
        _values = values;
        _timestamps = timestamps;
    }

    internal SourceBatch(Span<T> values, Span<long> timestamps, bool canBorrow)
        : this(values, timestamps) => _canBorrow = canBorrow;

    /// <summary>Records added so far.</summary>
    public int Count { readonly get; private set; }

    /// <summary>Records that still fit.</summary>
    public readonly int Free => _values.Length - Count;

    /// <summary>Whether no further record fits.</summary>
    public readonly bool IsFull => Count == _values.Length;

    /// <summary>Which split the records belong to, counted from 0 in the order of
    /// <see cref="ISourceReader{T,TSplit}.AddSplit"/>. Set by a reader that tells splits apart
    /// (<see cref="ISourceReader{T,TSplit}.TellsSplits"/>), whenever it adds records or sets
    /// <see cref="IsSplitEnd"/>.</summary>
    public int Split { get; set; }

    /// <summary>Whether nothing follows of <see cref="Split"/>: nobody waits for its time any more.</summary>
    public bool IsSplitEnd { get; set; }

    /// <summary>The free part, to be filled directly; then call <see cref="Advance"/>.</summary>
    public readonly Span<T> FreeValues => _values[Count..];

    /// <summary>The timestamps of <see cref="FreeValues"/>, to be filled directly with what the source knows
    /// (milliseconds since 1970-01-01 UTC); empty where nobody asks for timestamps.</summary>
    public readonly Span<long> FreeTimestamps => _timestamps.IsEmpty ? _timestamps : _timestamps[Count..];

    /// <summary>Adds a record; the caller made sure that it fits.</summary>
    public void Add(T value) => _values[Count++] = value;

    /// <summary>Adds a record with the timestamp its source gives it (milliseconds since 1970-01-01 UTC).</summary>
    public void Add(T value, long timestamp)
    {
        if (!_timestamps.IsEmpty)
        {
            _timestamps[Count] = timestamp;
        }

        _values[Count++] = value;
    }

    /// <summary>The records that were lent; without an array where they were copied.</summary>
    internal ArraySegment<T> Lent { readonly get; private set; }

    /// <summary>Hands out records that the reader holds in an array: they are read where they lie, if possible, and
    /// else copied. Their timestamps, if any, are to be written to <see cref="FreeTimestamps"/> before.</summary>
    /// <param name="records">From one record. They stay as they are until the reader is next asked for records, or is
    /// disposed; then the reader may use the array again. What a record refers to is never to be changed.</param>
    /// <returns>How many of them were handed out: all, or as many as <see cref="Free"/> said. The rest is for another
    /// <see cref="ISourceReader{T,TSplit}.Read"/>.</returns>
    /// <remarks>A few records of many are copied all the same: work is done for each batch beside that for its
    /// records. Copied are also those in memory that is no array, and those behind others of the same batch.</remarks>
    public int Lend(ReadOnlyMemory<T> records)
    {
        int count = Math.Min(records.Length, Free);
        if (_canBorrow && Count == 0 && count > _values.Length / 2
            && MemoryMarshal.TryGetArray(records[..count], out ArraySegment<T> lent))
        {
            Lent = lent;
            Count = count;
            _values = _values[..count];
            return count;
        }

        records.Span[..count].CopyTo(FreeValues);
        Count += count;
        return count;
    }

    /// <summary>Room in the free part for a few records at most; then give it to
    /// <see cref="Take"/>.</summary>
    internal readonly SourceBatch<T> Part(int most) => new(
        _values.Slice(Count, most),
        _timestamps.IsEmpty ? _timestamps : _timestamps.Slice(Count, most),
        _canBorrow && Count == 0);

    /// <summary>Takes over what was added to a <see cref="Part"/>, in whichever way.</summary>
    internal void Take(in SourceBatch<T> part)
    {
        Count += part.Count;
        Lent = part.Lent;
        _values = Lent.Count > 0 ? _values[..Count] : _values;
        Split = part.Split;
        IsSplitEnd = part.IsSplitEnd;
    }

    /// <summary>Counts records that were written into <see cref="FreeValues"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Free"/>, or negative.</exception>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Free);
        Count += count;
    }
}
