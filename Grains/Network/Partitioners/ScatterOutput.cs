using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.State;

namespace Millrace.Network.Partitioners;

/// <summary>Copies each record into the batch of the target it belongs to; full batches are handed over.</summary>
/// <param name="parts">Pool, producer and targets.</param>
internal abstract class ScatterOutput<T>(OutputParts<T> parts) : PartitionOutput<T>(parts)
{
    private readonly BatchPool<T> _pool = parts.TargetPool;
    private readonly RecordBatch<T>?[] _open = new RecordBatch<T>?[parts.Targets.Length];
    private int _openCount;

    /// <inheritdoc/>
    public sealed override bool TakesBorrowed => true;

    /// <inheritdoc/>
    protected sealed override bool HasOpenBatches => _openCount > 0;

    /// <inheritdoc/>
    protected sealed override void Deliver(RecordBatch<T> batch)
    {
        try
        {
            Scatter(batch);
            Hold(batch.Watermark);
        }
        finally
        {
            batch.Release();
        }
    }

    /// <summary>Puts each record of a batch to its target. The batch is only read, and not kept.</summary>
    protected abstract void Scatter(RecordBatch<T> batch);

    /// <summary>Puts one record to a target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Put(int target, RecordBatch<T> from, ReadOnlySpan<T> records, int index)
    {
        RecordBatch<T> to = _open[target] ?? Open(target);
        Append(to, from, in records[index], index);
        if (to.Count == to.Values.Length)
        {
            Close(target);
        }
    }

    /// <summary>Puts neighbouring records, with the hashes of their keys, to the targets that own their key
    /// groups.</summary>
    /// <param name="from">Where the records are.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="hashes">The hashes of their keys.</param>
    /// <param name="targetOf">The target of each key group.</param>
    protected void Put(RecordBatch<T> from, int first, ReadOnlySpan<ulong> hashes, int[] targetOf)
    {
        RecordBatch<T>?[] open = _open;
        ReadOnlySpan<T> records = from.Records.Slice(first, hashes.Length);
        bool isTimed = HasTimestamps;
        ReadOnlySpan<long> timestamps = isTimed && from.Timestamps is long[] known ? known.AsSpan(first) : default;
        for (int i = 0; i < hashes.Length; i++)
        {
            ulong hash = hashes[i];
            int target = targetOf[KeyGroupAssignment.KeyGroupOf(hash, targetOf.Length)];
            RecordBatch<T> to = open[target] ?? Open(target);
            int count = to.Count;
            Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(to.Values), count) = records[i];
            Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(to.Hashes!), count) = hash;
            if (isTimed)
            {
                to.Timestamps![count] = timestamps.IsEmpty ? RecordBatch.NoTimestamp : timestamps[i];
            }

            to.Count = ++count;
            if (count == to.Values.Length)
            {
                Close(target);
            }
        }
    }

    /// <inheritdoc/>
    protected sealed override void HandOverOpen()
    {
        for (int target = 0; _openCount > 0; target++)
        {
            if (_open[target] is not null)
            {
                Close(target);
            }
        }
    }

    /// <inheritdoc/>
    protected sealed override void ReleaseOpen()
    {
        foreach (RecordBatch<T>? batch in _open)
        {
            batch?.Release();
        }

        Array.Clear(_open);
        _openCount = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(RecordBatch<T> to, RecordBatch<T> from, in T record, int index)
    {
        int count = to.Count;

        // Not by index: storing a reference would check the array's type each time, which is known here.
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(to.Values), count) = record;
        if (to.Timestamps is long[] timestamps)
        {
            timestamps[count] = from.Timestamps is long[] known ? known[index] : RecordBatch.NoTimestamp;
        }

        to.Count = count + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RecordBatch<T> Open(int target)
    {
        RecordBatch<T> batch = _pool.Rent();
        _open[target] = batch;
        _openCount++;
        return batch;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Close(int target)
    {
        RecordBatch<T> batch = _open[target]!;
        _open[target] = null;
        _openCount--;
        HandOver(target, batch);
    }
}
