using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Millrace.Execution;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange.Connections;

/// <summary>The connection over which this silo's producers write to another silo.</summary>
internal sealed class OutgoingConnection(
    IExecution execution, ExchangeOptions options, BufferAccount buffers, EndPoint endPoint, ILogger logger)
    : ExchangeConnection(execution, options, buffers)
{
    private readonly ConcurrentDictionary<uint, OutgoingChannel> _channels = new();
    private readonly Lock _opening = new();
    private string? _silo;
    private uint _lastNumber;

    /// <inheritdoc/>
    public override string Peer => _silo is null ? $"The silo at {endPoint}" : $"Silo {_silo} at {endPoint}";

    /// <summary>Opens a channel as soon as there is a connection.</summary>
    public void Open(OutgoingChannel channel)
    {
        uint number;
        lock (_opening)
        {
            // The other side expects channels in the order of their numbers.
            number = ++_lastNumber;
            _channels[number] = channel;
            channel.Bind(this, number);
        }

        // It broke meanwhile: whoever sees the other's mark fails the channel.
        Interlocked.MemoryBarrier();
        if (Broken is Exception broken && _channels.TryRemove(number, out _))
        {
            channel.Fail(Failure(broken));
        }
    }

    /// <summary>Forgets a channel that has ended.</summary>
    public void Forget(uint number) => _channels.TryRemove(number, out _);

    /// <summary>Connects, and writes until the connection breaks; then every channel on it fails.</summary>
    public async Task RunAsync(ExchangeIdentity self)
    {
        try
        {
            await using ITransportConnection connection = await ConnectAsync(self);
            logger.ConnectedTo(_silo, endPoint);
            await RunAsync(connection);
        }
#pragma warning disable CA1031 // Whatever it is, it ends this connection, and its channels say so.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Break(exception);
        }

        LogEnd(logger, _channels.Count);
        foreach (uint number in _channels.Keys)
        {
            if (_channels.TryRemove(number, out OutgoingChannel? channel))
            {
                channel.Fail(Failure(Broken!));
            }
        }
    }

    /// <inheritdoc/>
    protected override void Handle(FrameHeader header, NetworkBuffer buffer, int offset)
    {
        ReadOnlySpan<byte> content = buffer.Bytes.AsSpan(offset, header.Length);
        if (header.Channel == 0 || header.Channel > Volatile.Read(ref _lastNumber))
        {
            throw new ExchangeProtocolException($"{header.Type} for channel {header.Channel}, which was never opened");
        }

        // One that has ended on this side may still be spoken of.
        _channels.TryGetValue(header.Channel, out OutgoingChannel? channel);
        switch (header.Type)
        {
            case FrameType.Credit:
                channel?.AddCredit(CreditCodec.Read(content));
                break;
            case FrameType.Close:
                channel?.CloseByConsumer(Reason.Of(content));
                break;
            default:
                throw new ExchangeProtocolException($"a consumer's silo does not send {header.Type}");
        }
    }

    private async Task<ITransportConnection> ConnectAsync(ExchangeIdentity self)
    {
        using CancellationTokenSource limit = new(Options.ConnectTimeout, Execution.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Stopped);
        ITransportConnection? connection = null;
        try
        {
            connection = await Execution.Transport.ConnectAsync(endPoint, either.Token);
            _silo = await new Handshake(connection, self, Options.ClusterSecret, Execution).ConnectAsync(either.Token);
            return connection;
        }
        catch (Exception exception)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            if (exception is OperationCanceledException && limit.IsCancellationRequested)
            {
                throw new IOException($"it did not answer within {Options.ConnectTimeout}");
            }

            throw;
        }
    }

    private Exception Failure(Exception cause) => cause is ExchangeRefusedException
        ? new ExchangeRefusedException(cause.Message)
        : new SiloConnectionLostException($"{Peer} cannot be reached (any more): {cause.Message}", cause);
}
