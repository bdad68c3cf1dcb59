using System.Net;
using Millrace.Serialization;

namespace Millrace.Network.Exchange;

/// <summary>Makes those channels of an output that go to other silos: they share one encoder.</summary>
/// <param name="exchange">The way there.</param>
/// <param name="spec">The output.</param>
/// <param name="serializer">Writes the records.</param>
/// <param name="producer">Woken when there is room again.</param>
/// <param name="mark">Bytes that may wait in each of them.</param>
internal sealed class RemoteOutputs<T>(
    IExchange exchange, OutputSpec spec, TypeSerializer<T> serializer, Producer producer, int mark)
{
    private readonly BatchEncoder<T> _encoder = new(
        serializer, spec.HasTimestamps, exchange.Options.MaxRecordBytes, spec.Name, exchange.Buffers);

    /// <summary>Makes a channel to a silo.</summary>
    public ISubpartition<T> To(ChannelId id, EndPoint silo)
    {
        OutgoingChannel channel = new(id, producer, exchange.Buffers, exchange.Time);
        channel.Backlog.Limit(mark, producer.Wake);
        return new RemoteSubpartition<T>(channel, _encoder, exchange, silo);
    }
}
