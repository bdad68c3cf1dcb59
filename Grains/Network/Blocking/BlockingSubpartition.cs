using Millrace.Batches;
using Millrace.Network.Exchange;

namespace Millrace.Network.Blocking;

/// <summary>The part of a partition that is for one target: batches are serialized at once, by the producer's
/// loop.</summary>
internal sealed class BlockingSubpartition<T>(PartitionWriter writer, BatchEncoder<T> encoder, int target)
    : ISubpartition<T>
{
    private long _records;
    private long _batches;
    private long _bytes;

    /// <inheritdoc/>
    public bool IsAvailable => writer.HasRoom;

    /// <inheritdoc/>
    public bool IsComplete => writer.IsComplete;

    /// <inheritdoc/>
    public bool TakesBorrowed => true;

    /// <inheritdoc/>
    public EdgeCounts Counts => new(
        Volatile.Read(ref _records),
        Volatile.Read(ref _batches),
        Volatile.Read(ref _bytes),
        Queued: 0,
        target == 0 ? writer.GatheredBytes : 0);

    /// <inheritdoc/>
    public void Add(RecordBatch<T> batch)
    {
        try
        {
            writer.TurnTo(target);
            _bytes += encoder.Write(batch, writer);
            _records += batch.Count;
            _batches++;
        }
        finally
        {
            batch.Release();
        }
    }

    /// <inheritdoc/>
    public void Add(StreamElement control)
    {
        // Whether a producer was idle is of no interest to those who come when it has ended.
        if (control is EndOfData)
        {
            writer.End();
        }
    }

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void ReleaseProducer() => writer.Release();
}
