using System.Net;
using Millrace.Batches;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Blocking;

/// <summary>Sends what a partition has for one consumer on another silo, as fast as that grants credit.</summary>
internal sealed class PartitionPump
{
    private readonly PartitionCursor _cursor;
    private readonly IExchange _exchange;
    private readonly EndPoint _silo;
    private readonly Producer _producer;
    private readonly OutgoingChannel _channel;
    private TaskCompletionSource _signal = NewSignal();

    /// <param name="id">The channel, as the consumer expects it.</param>
    /// <param name="cursor">Reads the partition; the pump disposes it.</param>
    /// <param name="exchange">The way there.</param>
    /// <param name="silo">Where the exchange of the consumer's silo listens.</param>
    /// <param name="mark">Bytes that may wait for credit.</param>
    public PartitionPump(ChannelId id, PartitionCursor cursor, IExchange exchange, EndPoint silo, int mark)
    {
        _cursor = cursor;
        _exchange = exchange;
        _silo = silo;
        _producer = new Producer(() => Volatile.Read(ref _signal).TrySetResult());
        _channel = new OutgoingChannel(id, _producer, exchange.Buffers, exchange.Time);
        _channel.Backlog.Limit(mark, _producer.Wake);
    }

    /// <summary>Sends everything and the end of data, unless the consumer has gone.</summary>
    /// <exception cref="Tasks.PartitionLostException">The partition cannot be read.</exception>
    /// <exception cref="SiloConnectionLostException">The consumer's silo cannot be reached.</exception>
    public async Task RunAsync()
    {
        try
        {
            _exchange.Open(_channel, _silo);
            await _channel.Opened;
            while (!_channel.IsDropping && await TrySendAsync())
            {
            }

            if (_producer.Failure is Exception failure)
            {
                throw failure;
            }
        }
        finally
        {
            _channel.Release();
            _cursor.Dispose();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> TrySendAsync()
    {
        await RoomAsync();
        switch (_cursor.TryRead(out IncomingItem block))
        {
            case CursorStatus.Block:
                Send(block);
                return true;
            case CursorStatus.ToLoad:
                await _cursor.LoadAsync();
                return true;
            default:
                _channel.Add(EndOfData.Instance);
                return false;
        }
    }

    // The block itself may be read by others, whose frames begin differently.
    private void Send(IncomingItem block)
    {
        int length = FrameHeader.Bytes + block.Length;
        NetworkBuffer frame = NetworkBuffer.Rent(length, _exchange.Buffers);
        block.Bytes.CopyTo(frame.Bytes.AsSpan(FrameHeader.Bytes));
        block.Release();
        _channel.Add(frame, length);
    }

    private async Task RoomAsync()
    {
        while (!_channel.Backlog.HasRoom && _producer.Failure is null)
        {
            // Asked again once the signal stands: room that came before is seen, room that comes later is told.
            TaskCompletionSource signal = NewSignal();
            Volatile.Write(ref _signal, signal);
            if (_channel.Backlog.HasRoom || _producer.Failure is not null)
            {
                return;
            }

            await signal.Task;
        }
    }
}
