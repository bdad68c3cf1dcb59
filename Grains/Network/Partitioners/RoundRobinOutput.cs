using Millrace.Batches;

namespace Millrace.Network.Partitioners;

/// <summary>Rebalance and rescale: record by record to all targets in turn.</summary>
/// <param name="parts">Pool, producer and targets.</param>
/// <param name="first">Where the turn begins; differs by producer, so that few records do not all go to the first
/// target.</param>
internal sealed class RoundRobinOutput<T>(OutputParts<T> parts, int first) : ScatterOutput<T>(parts)
{
    private int _next = first;

    /// <inheritdoc/>
    protected override void Scatter(RecordBatch<T> batch)
    {
        int targets = Targets;
        int next = _next;
        ReadOnlySpan<T> records = batch.Records;
        for (int i = 0; i < records.Length; i++)
        {
            Put(next, batch, records, i);
            if (++next == targets)
            {
                next = 0;
            }
        }

        _next = next;
    }
}
