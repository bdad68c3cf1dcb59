using Millrace.Batches;

namespace Millrace.Network.Partitioners;

/// <summary>Custom: each record where a function of the user says. What the function throws passes through.</summary>
internal sealed class CustomOutput<T, TKey>(
    OutputParts<T> parts, Func<T, TKey> keySelector, Func<TKey, int, int> partitioner) : ScatterOutput<T>(parts)
{
    private readonly string _name = parts.Name;
    private readonly string? _consumer = parts.Consumer;
    private readonly int[] _chosen = new int[parts.Pool.Capacity];

    /// <inheritdoc/>
    protected override void Scatter(RecordBatch<T> batch)
    {
        // A batch of another output, handed on whole, may be larger than those of this one.
        ReadOnlySpan<T> records = batch.Records;
        for (int first = 0; first < records.Length; first += _chosen.Length)
        {
            Span<int> chosen = _chosen.AsSpan(0, Math.Min(_chosen.Length, records.Length - first));
            Choose(records.Slice(first, chosen.Length), chosen);
            for (int i = 0; i < chosen.Length; i++)
            {
                Put(chosen[i], batch, records, first + i);
            }
        }
    }

    // What fails in here is the consumer's; handing over what was put is not.
    private void Choose(ReadOnlySpan<T> records, Span<int> chosen)
    {
        int targets = Targets;
        ChoosesFor = _consumer;
        for (int i = 0; i < chosen.Length; i++)
        {
            int target = partitioner(keySelector(records[i]), targets);
            if ((uint)target >= (uint)targets)
            {
                throw new PartitionOutOfRangeException(_name, target, targets);
            }

            chosen[i] = target;
        }

        ChoosesFor = null;
    }
}
