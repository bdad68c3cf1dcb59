using Millrace.Batches;

namespace Millrace.Network.Partitioners;

/// <summary>Broadcast: the same batch to every target, which all only read.</summary>
internal sealed class BroadcastOutput<T>(OutputParts<T> parts) : PartitionOutput<T>(parts)
{
    /// <inheritdoc/>
    protected override void Deliver(RecordBatch<T> batch)
    {
        Hold(batch.Watermark);
        if (batch.IsExclusive)
        {
            // While nobody else reads it: the same watermark holds for all targets.
            batch.Watermark = Watermark;
        }

        for (int i = 1; i < Targets; i++)
        {
            batch.Retain();
        }

        int handed = 0;
        try
        {
            while (handed < Targets)
            {
                HandOver(handed++, batch);
            }
        }
        finally
        {
            for (; handed < Targets; handed++)
            {
                batch.Release();
            }
        }
    }
}
