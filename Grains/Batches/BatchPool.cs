using System.Collections.Concurrent;
using System.Diagnostics;

namespace Millrace.Batches;

/// <summary>The batches of one output: rented by its loop, given back by whoever used them last.</summary>
/// <param name="capacity">Records a batch holds.</param>
/// <param name="layout">What each batch carries beside its records.</param>
/// <param name="account">Counts the batches that are out.</param>
/// <param name="maxKept">Batches kept for reuse; more are left to the garbage collector.</param>
/// <remarks>
/// Each producer has its own pool, so that a batch always comes back to the core that fills it.
/// <see cref="Rent"/> belongs to one loop; batches come back from any thread.
/// </remarks>
internal sealed class BatchPool<T>(int capacity, BatchLayout layout, BatchAccount account, int maxKept = 64)
{
    private readonly ConcurrentQueue<RecordBatch<T>> _returned = new();
    private int _kept;

    /// <summary>What each batch carries beside its records.</summary>
    public BatchLayout Layout { get; } = layout;

    /// <summary>Records a batch holds.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Counts the batches that are out.</summary>
    public BatchAccount Account { get; } = account;

    /// <summary>An empty batch with one holder: the caller.</summary>
    public RecordBatch<T> Rent()
    {
        if (_returned.TryDequeue(out RecordBatch<T>? batch))
        {
            Interlocked.Decrement(ref _kept);
        }
        else
        {
            batch = new RecordBatch<T>(this, Capacity);
        }

        batch.Rented();
        Account.Out();
        return batch;
    }

    internal void TakeBack(RecordBatch<T> batch)
    {
        Debug.Assert(batch.Capacity == Capacity, "a batch goes back to the pool it came from");
        Account.Back();
        if (Interlocked.Increment(ref _kept) <= maxKept)
        {
            _returned.Enqueue(batch);
            return;
        }

        Interlocked.Decrement(ref _kept);
    }
}
