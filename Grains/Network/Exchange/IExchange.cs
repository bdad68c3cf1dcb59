using System.Net;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange;

/// <summary>The way from this silo to others, as bytes: what a gate or an output of the network environment needs of
/// it. Thread-safe.</summary>
internal interface IExchange : IAsyncDisposable
{
    /// <summary>Where other silos reach this one.</summary>
    EndPoint EndPoint { get; }

    /// <summary>Its settings.</summary>
    ExchangeOptions Options { get; }

    /// <summary>The clock that barriers go by.</summary>
    TimeProvider Time { get; }

    /// <summary>Counts the blocks of bytes that are out.</summary>
    BufferAccount Buffers { get; }

    /// <summary>Connections of its own that are open or being opened. From any thread, without a lock.</summary>
    int Connections => 0;

    /// <summary>Waits for the producer of a channel to open it, until <see cref="Forget"/>.</summary>
    /// <exception cref="InvalidOperationException">That channel waits already.</exception>
    void Expect(IncomingChannel channel);

    /// <summary>Waits for it no more.</summary>
    void Forget(IncomingChannel channel);

    /// <summary>Opens a channel to a consumer on another silo. The channel says when that has happened, or
    /// failed.</summary>
    /// <exception cref="ExchangeRefusedException">That silo takes records another way.</exception>
    void Open(OutgoingChannel channel, EndPoint silo);
}
