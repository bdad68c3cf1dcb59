using Millrace.Batches;

namespace Millrace.Operators.Batch;

/// <summary>Records of one input, in batches of any size that are offered in pieces of any size.</summary>
internal sealed class OfferedRecords<T>(IReadOnlyList<(T Record, long Timestamp)> records, BatchDealer dealer)
    : IDisposable
{
    private readonly BatchPool<T> _pool = new(dealer.BatchSize, BatchLayout.Timestamps, dealer.Batches);
    private RecordBatch<T>? _batch;
    private int _taken;
    private int _position;

    /// <summary>Whether a batch is begun and not done.</summary>
    public bool IsWithinBatch => _batch is not null;

    /// <summary>Whether every record was taken.</summary>
    public bool IsOver => _batch is null && _taken == records.Count;

    /// <summary>Offers some.</summary>
    /// <param name="process">Takes a batch, the first record and the end; returns the record to go on with.</param>
    public void Give(Func<RecordBatch<T>, int, int, int> process)
    {
        RecordBatch<T> batch = _batch ??= Next();
        int end = dealer.Random.Next(_position + 1, batch.Count + 1);
        int next = process(batch, _position, end);
        if (next < _position || next > end)
        {
            throw new InvalidOperationException($"it was offered records {_position} to {end}, and went to {next}");
        }

        _position = next;
        if (_position == batch.Count)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _batch?.Release();
        _batch = null;
        _position = 0;
    }

    private RecordBatch<T> Next()
    {
        RecordBatch<T> batch = _pool.Rent();
        int count = dealer.Random.Next(1, Math.Min(dealer.BatchSize, records.Count - _taken) + 1);
        for (; batch.Count < count; batch.Count++)
        {
            (T record, long timestamp) = records[_taken++];
            batch.Values[batch.Count] = record;
            batch.Timestamps![batch.Count] = timestamp;
        }

        return batch;
    }
}
