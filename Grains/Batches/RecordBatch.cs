using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Batches;

/// <summary>A batch of records whose type its holder need not know.</summary>
internal abstract class RecordBatch : StreamElement
{
    /// <summary>The time before anything: no watermark has been seen.</summary>
    public const long NoWatermark = long.MinValue;

    /// <summary>The timestamp of a record that was never given one.</summary>
    public const long NoTimestamp = long.MinValue;

    private int _references = 1;

    /// <summary>Number of records.</summary>
    public int Count { get; set; }

    /// <summary>The watermark that holds after the last record, or <see cref="NoWatermark"/>.</summary>
    public long Watermark { get; set; } = NoWatermark;

    /// <summary>Most records it can hold.</summary>
    public abstract int Capacity { get; }

    /// <summary>Whether the holder is the only one, and so may write.</summary>
    public bool IsExclusive => Volatile.Read(ref _references) == 1;

    /// <summary>Adds a holder. Every holder but a single one only reads.</summary>
    public void Retain()
    {
        int references = Interlocked.Increment(ref _references);
        Debug.Assert(references > 1, "a batch is retained only by one of its holders");
    }

    /// <summary>Gives up one reference; the last one returns the batch to its producer.</summary>
    public sealed override void Release()
    {
        if (Volatile.Read(ref _references) == 1 || Interlocked.Decrement(ref _references) == 0)
        {
            Return();
        }
    }

    /// <summary>Takes the batch into use again.</summary>
    protected void Reuse()
    {
        Count = 0;
        Watermark = NoWatermark;
        Volatile.Write(ref _references, 1);
    }

    /// <summary>Called by the last holder.</summary>
    protected abstract void Return();
}

/// <summary>The unit that flows: records with what belongs to them, in parallel arrays.</summary>
/// <remarks>
/// <para>
/// Pooled and counted. Whoever holds the only reference may write in place, hand the batch on or release it;
/// everybody else only reads. State and buffers copy values out and never keep a batch.
/// </para>
/// <para>
/// Where a batch is borrowed, its records lie where somebody else has put them, and are not written to. Those in an
/// array (<see cref="Borrow"/>) are read by the chain that the batch was made in, and not handed to another loop. Those
/// in a block of bytes (<see cref="Hold"/>) stay as long as the batch, whoever reads it.
/// </para>
/// </remarks>
internal sealed class RecordBatch<T> : RecordBatch
{
    private readonly BatchPool<T> _pool;
    private readonly T[] _values;
    private T[] _records;
    private IHeldBytes? _held;
    private byte[]? _bytes;

    // In records of the array, or in bytes.
    private int _first;

    internal RecordBatch(BatchPool<T> pool, int capacity)
    {
        _pool = pool;
        _values = new T[capacity];
        _records = _values;
        Timestamps = pool.Layout.HasFlag(BatchLayout.Timestamps) ? new long[capacity] : null;
        Hashes = pool.Layout.HasFlag(BatchLayout.Hashes) ? new ulong[capacity] : null;
    }

    /// <summary>Room for records, of a batch that is not borrowed; they are valid below
    /// <see cref="RecordBatch.Count"/>.</summary>
    public T[] Values
    {
        get
        {
            Debug.Assert(!IsBorrowed, "records of somebody else are not written to");
            return _values;
        }
    }

    /// <summary>Whether the records lie where somebody else has put them.</summary>
    public bool IsBorrowed => _records != _values || _bytes is not null;

    /// <summary>Milliseconds since 1970-01-01 UTC for each record, or null on an edge without timestamps.</summary>
    public long[]? Timestamps { get; }

    /// <summary>The hash of each record's key, or null where nobody has needed it yet: not keyed, a single target, or
    /// from another silo.</summary>
    public ulong[]? Hashes { get; }

    /// <inheritdoc/>
    public override int Capacity => _values.Length;

    /// <summary>The records.</summary>
    public ReadOnlySpan<T> Records => _bytes is byte[] bytes
        ? MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bytes), _first)), Count)
        : new ReadOnlySpan<T>(_records, _first, Count);

    /// <summary>A record.</summary>
    /// <param name="index">Below <see cref="RecordBatch.Count"/>.</param>
    public ref readonly T this[int index] => ref Records[index];

    /// <summary>The timestamps from a record on; empty where records have none.</summary>
    public ReadOnlySpan<long> TimestampsAt(int start) => Timestamps is null ? default : Timestamps.AsSpan(start);

    /// <summary>Takes records of somebody else in place of own ones, until it is used again.</summary>
    /// <param name="records">At most as many as it can hold. They stay as they are until nobody reads the batch any
    /// more.</param>
    public void Borrow(ArraySegment<T> records)
    {
        Debug.Assert(Count == 0 && IsExclusive, "records of somebody else are not put behind others");
        Debug.Assert(records.Count <= Capacity, "as many as there is room for beside them");
        _records = records.Array!;
        _first = records.Offset;
        Count = records.Count;
    }

    /// <summary>Takes records that lie in a block of bytes in place of own ones, until it is used again.</summary>
    /// <param name="block">The block; its reference moves, and goes with the last holder of the batch.</param>
    /// <param name="offset">Where the first record begins.</param>
    /// <param name="count">Number of records, at most as many as it can hold.</param>
    public void Hold(IHeldBytes block, int offset, int count)
    {
        Debug.Assert(Count == 0 && IsExclusive, "records of somebody else are not put behind others");
        Debug.Assert(!RuntimeHelpers.IsReferenceOrContainsReferences<T>(), "references do not lie among bytes");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);

        // Here alone it is looked at: whoever reads the records goes by their count.
        byte[] bytes = block.Bytes;
        _ = bytes.AsSpan(offset, checked(count * Unsafe.SizeOf<T>()));
        _held = block;
        _bytes = bytes;
        _first = offset;
        Count = count;
    }

    internal void Rented() => Reuse();

    /// <summary>Empties the batch for another use by its only holder.</summary>
    internal void Recycle()
    {
        Debug.Assert(IsExclusive, "a batch is emptied by its only holder");
        Clear();
        Reuse();
    }

    /// <inheritdoc/>
    protected override void Return()
    {
        Clear();
        _pool.TakeBack(this);
    }

    private void Clear()
    {
        if (IsBorrowed)
        {
            _records = _values;
            _first = 0;
            _bytes = null;
            _held?.Release();
            _held = null;
            return;
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_values, 0, Count);
        }
    }
}
