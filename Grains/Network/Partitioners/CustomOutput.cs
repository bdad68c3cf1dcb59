using Millrace.Batches;

namespace Millrace.Network.Partitioners;

/// <summary>Custom: each record where a function of the user says. What the function throws passes through.</summary>
internal sealed class CustomOutput<T, TKey>(
    OutputParts<T> parts, Func<T, TKey> keySelector, Func<TKey, int, int> partitioner) : ScatterOutput<T>(parts)
{
    private readonly string _name = parts.Name;
    private readonly string? _consumer = parts.Consumer;

    /// <inheritdoc/>
    protected override void Scatter(RecordBatch<T> batch)
    {
        int targets = Targets;
        ChoosesFor = _consumer;
        ReadOnlySpan<T> records = batch.Records;
        for (int i = 0; i < records.Length; i++)
        {
            TKey key = keySelector(records[i]);
            int target = partitioner(key, targets);
            if ((uint)target >= (uint)targets)
            {
                throw new PartitionOutOfRangeException(_name, target, targets);
            }

            Put(target, batch, records, i);
        }

        ChoosesFor = null;
    }
}
