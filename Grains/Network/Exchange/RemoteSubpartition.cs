using System.Net;
using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network.Exchange;

/// <summary>The producing end of a channel to another silo: batches are serialized at once, by the producer's
/// loop.</summary>
internal sealed class RemoteSubpartition<T>(
    OutgoingChannel channel, BatchEncoder<T> encoder, IExchange exchange, EndPoint silo) : ISubpartition<T>
{
    private long _records;
    private long _batches;
    private long _bytes;

    /// <inheritdoc/>
    public bool IsAvailable => channel.Backlog.HasRoom;

    /// <inheritdoc/>
    public bool TakesBorrowed => true;

    /// <inheritdoc/>
    public EdgeCounts Counts => new(
        Volatile.Read(ref _records),
        Volatile.Read(ref _batches),
        Volatile.Read(ref _bytes),
        Queued: 0,
        channel.Backlog.Waiting);

    /// <inheritdoc/>
    public void Add(RecordBatch<T> batch)
    {
        try
        {
            _bytes += encoder.Write(batch, channel);
            _records += batch.Count;
            _batches++;
        }
        finally
        {
            batch.Release();
        }
    }

    /// <inheritdoc/>
    public void Add(StreamElement control) => channel.Add(control);

    /// <inheritdoc/>
    public bool HasSent(long checkpoint) => channel.HasSent(checkpoint);

    /// <inheritdoc/>
    public void Overtake(long checkpoint, InFlightRecords into) => channel.Overtake(checkpoint, into);

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        exchange.Open(channel, silo);

        // Not Task.WaitAsync: its continuation would leave the execution for the thread pool.
        await using CancellationTokenRegistration canceled =
            cancellationToken.UnsafeRegister((_, token) => channel.StopWaiting(token), null);
        await channel.Opened;
    }

    /// <inheritdoc/>
    public void ReleaseProducer() => channel.Release();
}
