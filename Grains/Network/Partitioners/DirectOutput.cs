using Millrace.Batches;

namespace Millrace.Network.Partitioners;

/// <summary>Everything to one subtask: forward, global, and any partitioner that has a single target.</summary>
/// <remarks>The batch written is the batch handed over; no record is touched.</remarks>
internal sealed class DirectOutput<T>(OutputParts<T> parts, int target) : PartitionOutput<T>(parts)
{
    /// <inheritdoc/>
    protected override void Deliver(RecordBatch<T> batch)
    {
        // It holds after this batch, so it may ride on it; and on nothing before.
        Hold(batch.Watermark);
        HandOver(target, batch);
    }
}
