using Millrace.Batches;
using Millrace.State;

namespace Millrace.Operators.Sorting;

/// <summary>An input whose records are all taken, and then given to an operator in the order of their keys. Belongs to
/// one loop, but for <see cref="SpillAsync"/> and <see cref="LoadAsync"/>, during which nothing else is
/// called.</summary>
/// <param name="target">The operator; not owned.</param>
/// <param name="keySelector">The key of a record.</param>
/// <param name="hasher">Of keys.</param>
/// <param name="sorter">Sorts; its owner is this one.</param>
/// <param name="pool">Batches for the operator.</param>
/// <param name="tools">The loop it belongs to.</param>
/// <param name="byTime">Whether records of one key come in the order of their times, and not as they came.</param>
internal sealed class SortedInput<TKey, TIn>(
    StreamOperator<TIn> target,
    Func<TIn, TKey> keySelector,
    KeyHasher<TKey> hasher,
    RecordSorter<TIn> sorter,
    BatchPool<TIn> pool,
    SortTools tools,
    bool byTime = true)
    : IDisposable
{
    private readonly OperatorInput<TIn> _feed = new(target, tools.Clock, tools.Failure);
    private RecordBatch<TIn>? _batch;

    /// <summary>Whether more may be added before what is there was spilled.</summary>
    public bool HasRoom => sorter.HasRoom;

    /// <summary>Bytes that stay in memory.</summary>
    public int BudgetBytes => sorter.BudgetBytes;

    /// <summary>Takes a record, while there is room.</summary>
    public void Add(RecordBatch<TIn> batch, int position)
    {
        TIn record = batch[position];
        sorter.Add(
            batch.Hashes is ulong[] carried ? carried[position] : HashOf(KeyOf(record)),
            byTime && batch.Timestamps is long[] timestamps ? timestamps[position] : RecordBatch.NoTimestamp,
            in record);
    }

    /// <summary>Whether an operator keeps something for the key of a record.</summary>
    public bool IsKept(RecordBatch<TIn> batch, int position, IKeyKeeper<TKey> keeper)
    {
        TKey key = KeyOf(batch[position]);
        return keeper.Keeps(in key, batch.Hashes is ulong[] carried ? carried[position] : HashOf(key));
    }

    /// <summary>As <see cref="RecordSorter{T}.SpillAsync"/>.</summary>
    public Task SpillAsync() => sorter.SpillAsync();

    /// <summary>As <see cref="RecordSorter{T}.LoadAsync"/>.</summary>
    public Task LoadAsync() => sorter.LoadAsync();

    /// <summary>As <see cref="RecordSorter{T}.BeginRead"/>.</summary>
    public void BeginRead() => sorter.BeginRead();

    /// <summary>As <see cref="RecordSorter{T}.TryPeek"/>.</summary>
    public SortedStatus TryPeek(out SortPlace place) => sorter.TryPeek(out place);

    /// <summary>Has the operator go on with what it was given.</summary>
    /// <returns>Whether nothing of that is left.</returns>
    public bool Run() => _feed.IsEmpty || _feed.Run();

    /// <summary>Gives the operator a batch of what stands up to a place.</summary>
    public void Feed(in SortPlace last)
    {
        RecordBatch<TIn> batch = _batch ??= pool.Rent();
        sorter.Fill(batch, in last);
        if (batch.Count > 0 && !_feed.TryTake(batch))
        {
            _batch = null;
        }
    }

    public void Dispose()
    {
        _feed.Dispose();
        _batch?.Release();
        _batch = null;

        // What is under way fails on the closed file, and is told to nobody: the subtask ends.
        sorter.Dispose();
    }

    private TKey KeyOf(TIn record)
    {
        TKey key = keySelector(record);
        return key is null ? throw new InvalidOperationException($"The key of '{target.Name}' is null.") : key;
    }

    private ulong HashOf(TKey key) => hasher.Hash(in key);
}
