using Microsoft.Extensions.Logging;
using Millrace.Batches;
using Millrace.Execution;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange.Connections;

/// <summary>The connection over which another silo's producers write to this one.</summary>
internal sealed class IncomingConnection(
    ConnectionExchange exchange, IExecution execution, ITransportConnection connection, ILogger logger)
    : ExchangeConnection(execution, exchange.Options, exchange.Buffers)
{
    // The reader's alone.
    private readonly Dictionary<uint, IncomingChannel> _channels = [];
    private string? _silo;
    private uint _lastNumber;

    /// <inheritdoc/>
    public override string Peer =>
        _silo is null ? $"The silo at {connection.RemoteName}" : $"Silo {_silo} at {connection.RemoteName}";

    /// <summary>Reads until the connection breaks; then every channel on it fails.</summary>
    public async Task RunAsync(ExchangeIdentity self)
    {
        try
        {
            await using (connection)
            {
                await WelcomeAsync(self);
                logger.ConnectedFrom(_silo, connection.RemoteName);
                await RunAsync(connection);
            }
        }
        catch (ExchangeRefusedException exception)
        {
            logger.Refused(exception.Message);
            Break(exception);
            return;
        }
#pragma warning disable CA1031 // Whatever it is, it ends this connection, and its channels say so.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Break(exception);
        }

        LogEnd(logger, _channels.Count);
        foreach (IncomingChannel channel in _channels.Values)
        {
            channel.Fail(new SiloConnectionLostException($"{Peer} is lost: {Broken!.Message}", Broken));
        }
    }

    /// <inheritdoc/>
    protected override void Handle(FrameHeader header, NetworkBuffer buffer, int offset)
    {
        switch (header.Type)
        {
            case FrameType.Open:
                Open(header.Channel, ChannelIdCodec.Read(buffer.Bytes.AsSpan(offset, header.Length)));
                break;
            case FrameType.Data:
                ChannelOf(header).Receive(header.Flags, buffer, offset, header.Length);
                break;
            case FrameType.Control:
                Receive(header, ControlCodec.Read(buffer.Bytes.AsSpan(offset, header.Length), Execution.Time));
                break;
            case FrameType.Close:
                if (_channels.Remove(header.Channel, out IncomingChannel? closed))
                {
                    closed.End();
                }

                break;
            default:
                throw new ExchangeProtocolException($"a producer's silo does not send {header.Type}");
        }
    }

    private void Open(uint number, ChannelId id)
    {
        if (number <= _lastNumber)
        {
            throw new ExchangeProtocolException($"channel {number} opened after {_lastNumber}");
        }

        _lastNumber = number;
        if (exchange.TakeExpected(id) is not IncomingChannel channel)
        {
            Send(FrameType.Close, number, Reason.ToBytes("no such attempt is deployed there, or not any more"));
            return;
        }

        _channels.Add(number, channel);
        channel.Bind(this, number);
    }

    private void Receive(FrameHeader header, StreamElement control)
    {
        IncomingChannel channel = ChannelOf(header);
        channel.Receive(control);
        if (control is EndOfData)
        {
            _channels.Remove(header.Channel);
            channel.End();
        }
    }

    private IncomingChannel ChannelOf(FrameHeader header) => _channels.TryGetValue(header.Channel, out var channel)
        ? channel
        : throw new ExchangeProtocolException($"{header.Type} for channel {header.Channel}, which is not open");

    private async Task WelcomeAsync(ExchangeIdentity self)
    {
        using CancellationTokenSource limit = new(Options.ConnectTimeout, Execution.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Stopped);
        try
        {
            _silo = await new Handshake(connection, self, Options.ClusterSecret, Execution).AcceptAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new IOException($"it did not prove within {Options.ConnectTimeout} who it is");
        }
    }
}
