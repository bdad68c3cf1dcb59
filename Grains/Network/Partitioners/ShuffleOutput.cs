using Millrace.Batches;

namespace Millrace.Network.Partitioners;

/// <summary>Shuffle: each record to a random target.</summary>
internal sealed class ShuffleOutput<T>(OutputParts<T> parts, Random random) : ScatterOutput<T>(parts)
{
    /// <inheritdoc/>
    protected override void Scatter(RecordBatch<T> batch)
    {
        ReadOnlySpan<T> records = batch.Records;
        for (int i = 0; i < records.Length; i++)
        {
            Put(random.Next(Targets), batch, records, i);
        }
    }
}
