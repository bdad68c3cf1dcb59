using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network.Exchange;

/// <summary>The consuming end of a channel from another silo: blocks are decoded when their turn comes, by the
/// consumer's loop.</summary>
internal sealed class RemoteInputChannel<T>(IncomingChannel channel, BatchDecoder<T> decoder) : IInputChannel
{
    private long _records;
    private long _batches;
    private long _bytes;

    /// <inheritdoc/>
    public ChannelId Id => channel.Id;

    /// <inheritdoc/>
    public EdgeCounts Counts => new(
        Volatile.Read(ref _records), Volatile.Read(ref _batches), Volatile.Read(ref _bytes), channel.Waiting);

    /// <inheritdoc/>
    public void Attach(ReadyChannels ready, int index) => channel.Attach(ready, index);

    /// <inheritdoc/>
    public bool TryTake(out StreamElement? element)
    {
        if (!decoder.IsReading)
        {
            if (!channel.TryTake(out IncomingItem item))
            {
                element = null;
                return false;
            }

            if (item.Control is not null)
            {
                element = item.Control;
                return true;
            }

            decoder.Begin(item);
        }

        RecordBatch<T> batch = decoder.Read();
        _records += batch.Count;
        _batches++;
        element = batch;
        if (!decoder.IsReading)
        {
            _bytes += decoder.BlockBytes;
            channel.Return(decoder.BlockBytes);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Record(long checkpoint, InFlightRecords into)
    {
        decoder.Record(into);
        channel.Record(checkpoint, into);
    }

    /// <inheritdoc/>
    public void ReleaseConsumer()
    {
        decoder.Drop();
        channel.Release();
    }
}
