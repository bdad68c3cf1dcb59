using System.Diagnostics;
using System.Runtime.CompilerServices;

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
/// Pooled and counted. Whoever holds the only reference may write in place, hand the batch on or release it;
/// everybody else only reads. State and buffers copy values out and never keep a batch.
/// </remarks>
internal sealed class RecordBatch<T> : RecordBatch
{
    private readonly BatchPool<T> _pool;

    internal RecordBatch(BatchPool<T> pool, int capacity)
    {
        _pool = pool;
        Values = new T[capacity];
        Timestamps = pool.Layout.HasFlag(BatchLayout.Timestamps) ? new long[capacity] : null;
        Hashes = pool.Layout.HasFlag(BatchLayout.Hashes) ? new ulong[capacity] : null;
    }

    /// <summary>The records; valid below <see cref="RecordBatch.Count"/>.</summary>
    public T[] Values { get; }

    /// <summary>Milliseconds since 1970-01-01 UTC for each record, or null on an edge without timestamps.</summary>
    public long[]? Timestamps { get; }

    /// <summary>The hash of each record's key, or null where nobody has needed it yet: not keyed, a single target, or
    /// from another silo.</summary>
    public ulong[]? Hashes { get; }

    /// <inheritdoc/>
    public override int Capacity => Values.Length;

    /// <summary>The records.</summary>
    public ReadOnlySpan<T> Records => new(Values, 0, Count);

    /// <summary>The timestamps from a record on; empty where records have none.</summary>
    public ReadOnlySpan<long> TimestampsAt(int start) => Timestamps is null ? default : Timestamps.AsSpan(start);

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
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(Values, 0, Count);
        }
    }
}
