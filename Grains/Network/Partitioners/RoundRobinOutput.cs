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
        for (int i = 0; i < batch.Count; i++)
        {
            Put(next, batch, i);
            if (++next == targets)
            {
                next = 0;
            }
        }

        _next = next;
    }
}
