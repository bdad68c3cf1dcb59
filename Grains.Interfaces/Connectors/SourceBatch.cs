namespace Millrace.Connectors;

/// <summary>Room for the records of one <see cref="ISourceReader{T,TSplit}.Read"/>.</summary>
public ref struct SourceBatch<T>
{
    private readonly Span<T> _values;
    private readonly Span<long> _timestamps;

    /// <summary>Room over two spans.</summary>
    /// <param name="values">Where records go.</param>
    /// <param name="timestamps">Where their timestamps go: empty, or as long as <paramref name="values"/>.</param>
    public SourceBatch(Span<T> values, Span<long> timestamps = default)
    {
        _values = values;
        _timestamps = timestamps;
    }

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

    /// <summary>Room in the free part for a few records at most; then count them by <see cref="Advance"/>.</summary>
    internal readonly SourceBatch<T> Part(int most) => new(
        _values.Slice(Count, most), _timestamps.IsEmpty ? _timestamps : _timestamps.Slice(Count, most));

    /// <summary>Counts records that were written into <see cref="FreeValues"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Free"/>, or negative.</exception>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Free);
        Count += count;
    }
}
