using System.Diagnostics;
using Millrace.Functions;

namespace Millrace.Batches;

/// <summary>Where an operator writes: the next operator of its chain, or the way to other subtasks.</summary>
/// <remarks>
/// Belongs to one loop. Emitting never refuses; between two units of work the writer asks <see cref="IsAvailable"/>
/// and stops when it says no. The loop is woken when that changes.
/// </remarks>
internal abstract class Output<T> : ICollector<T>, IDisposable
{
    private RecordBatch<T> _batch;

    protected Output(BatchPool<T> pool)
    {
        Pool = pool;
        _batch = pool.Rent();
    }

    /// <summary>Whether another unit of work may begin.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>Whether the edge carries timestamps.</summary>
    public bool HasTimestamps => (Pool.Layout & BatchLayout.Timestamps) != 0;

    /// <summary>Whether a batch that was handed on is done with once <see cref="IsAvailable"/> says yes again, so that
    /// its records may be borrowed: nobody but this loop reads it, and nobody keeps it.</summary>
    public virtual bool TakesBorrowed => false;

    /// <summary>Whether <see cref="Lend"/> may be called now.</summary>
    public bool CanLend => _batch.Count == 0 && TakesBorrowed;

    /// <summary>Where the batches written come from.</summary>
    protected BatchPool<T> Pool { get; }

    /// <summary>The batch being filled; its holder is this output.</summary>
    protected RecordBatch<T> Batch
    {
        get => _batch;
        set => _batch = value;
    }

    /// <summary>Emits one record, on an edge without timestamps.</summary>
    public void Emit(T value)
    {
        RecordBatch<T> batch = _batch;
        Debug.Assert(batch.Timestamps is null, "on an edge with timestamps each record has one");
        int count = batch.Count;
        batch.Values[count] = value;
        batch.Count = ++count;
        if (count == batch.Values.Length)
        {
            Deliver();
        }
    }

    /// <summary>Emits one record with its timestamp, on an edge that carries timestamps.</summary>
    public void Emit(T value, long timestamp)
    {
        RecordBatch<T> batch = _batch;
        int count = batch.Count;
        batch.Values[count] = value;
        batch.Timestamps![count] = timestamp;
        batch.Count = ++count;
        if (count == batch.Values.Length)
        {
            Deliver();
        }
    }

    /// <summary>The free part of the batch being filled, never empty; then call <see cref="Advance(int)"/>.</summary>
    public Span<T> Room() => _batch.Values.AsSpan(_batch.Count);

    /// <summary>The timestamps that belong to <see cref="Room"/>; empty on an edge without.</summary>
    public Span<long> TimestampRoom() => _batch.Timestamps is null ? default : _batch.Timestamps.AsSpan(_batch.Count);

    /// <summary>Counts records that were written into <see cref="Room"/>.</summary>
    public void Advance(int count)
    {
        _batch.Count += count;
        if (_batch.Count == _batch.Values.Length)
        {
            Deliver();
        }
    }

    /// <summary>Counts records that were written into <see cref="Room"/>, behind which a watermark holds.</summary>
    /// <param name="count">Number of records, from 1.</param>
    /// <param name="watermark">As for <see cref="EmitWatermark"/>; <see cref="RecordBatch.NoWatermark"/> for
    /// none.</param>
    public void Advance(int count, long watermark)
    {
        // Said before the batch may leave, so that it rides on these records and on nothing before.
        _batch.Count += count;
        EmitWatermark(watermark);
        if (_batch.Count == _batch.Values.Length)
        {
            Deliver();
        }
    }

    /// <summary>Hands on records where they lie, when <see cref="CanLend"/> says yes.</summary>
    /// <param name="records">From 1 to as many as there is <see cref="Room"/> for. They stay as they are until
    /// <see cref="IsAvailable"/> says yes again. Their timestamps were written to <see
    /// cref="TimestampRoom"/>.</param>
    /// <param name="watermark">As for <see cref="Advance(int, long)"/>.</param>
    public void Lend(ArraySegment<T> records, long watermark)
    {
        _batch.Borrow(records);
        EmitWatermark(watermark);
        Deliver();
    }

    /// <summary>Hands on a whole batch behind what was written before. The caller's reference moves.</summary>
    public void Emit(RecordBatch<T> batch)
    {
        Deliver();
        Deliver(batch);
    }

    /// <summary>Hands on what was written, full or not.</summary>
    public virtual void Deliver()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        RecordBatch<T> full = _batch;
        _batch = Pool.Rent();
        Deliver(full);
    }

    /// <summary>The loop's round ends: a chained output hands on what was written; one to other subtasks waits for
    /// more.</summary>
    public abstract void EndRound();

    /// <summary>Puts a control element behind everything written before.</summary>
    public abstract void Emit(StreamElement control);

    /// <summary>Announces that no record with this timestamp or an earlier one follows. It may wait for records written
    /// later, at most to the end of the round within a chain, and be joined with a later one.</summary>
    /// <param name="timestamp">Milliseconds since 1970-01-01 UTC; one that is not greater than the last one is
    /// ignored.</param>
    public abstract void EmitWatermark(long timestamp);

    /// <summary>Gives back what it holds; after a failure too. Nothing is emitted afterwards.</summary>
    public virtual void Dispose() => _batch.Release();

    /// <summary>Takes a batch that is not empty; the reference moves to the callee.</summary>
    protected abstract void Deliver(RecordBatch<T> batch);
}
