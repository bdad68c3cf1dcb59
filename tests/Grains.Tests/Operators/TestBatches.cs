using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>Batches with given records; given back together.</summary>
internal sealed class TestBatches<T>(int capacity) : IDisposable
{
    private readonly BatchPool<T> _pool = new(capacity, BatchLayout.None, new BatchAccount());
    private readonly List<RecordBatch<T>> _out = [];

    public RecordBatch<T> Of(params T[] records)
    {
        RecordBatch<T> batch = _pool.Rent();
        records.CopyTo(batch.Values, 0);
        batch.Count = records.Length;
        _out.Add(batch);
        return batch;
    }

    public void Dispose() => _out.ForEach(batch => batch.Release());
}
