using Millrace.Batches;
using Millrace.Serialization;

namespace Millrace.Network.Exchange;

/// <summary>Makes those channels of a gate that come from other silos: they share a pool of batches and one of
/// credit.</summary>
internal sealed class RemoteInputs<T>(
    IExchange exchange, InputGateSpec spec, TypeSerializer<T> serializer, BatchAccount account)
{
    private readonly CreditPool _credits = new(exchange.Options, spec.Channels.Count(channel => channel.IsRemote));
    private readonly BatchPool<T> _pool = new(
        BatchCapacity.Of<T>(targets: 1, spec.BatchSize),
        spec.HasTimestamps ? BatchLayout.Timestamps : BatchLayout.None,
        account);

    /// <summary>Makes a channel, which waits for its producer from now on.</summary>
    public IInputChannel Expect(ChannelId id)
    {
        IncomingChannel channel = new(id, _credits, exchange);
        exchange.Expect(channel);
        return new RemoteInputChannel<T>(channel, new BatchDecoder<T>(serializer, _pool));
    }
}
