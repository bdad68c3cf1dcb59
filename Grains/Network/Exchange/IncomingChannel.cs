using Millrace.Batches;
using Millrace.Network.Exchange.Connections;
using Millrace.Network.Exchange.Frames;
using Millrace.Network.InFlight;

namespace Millrace.Network.Exchange;

/// <summary>The consuming end of a channel from another silo: blocks of records as they came, until their reader
/// decodes them.</summary>
/// <remarks>
/// The connection's reader adds, the consumer takes; credit goes back when half of the window has been read. Once the
/// consumer has gone, what waits and what still comes is dropped, as in a local channel.
/// </remarks>
internal sealed class IncomingChannel(ChannelId id, CreditPool credits, IExchange exchange) : FrameSource
{
    private readonly SpscQueue<IncomingItem> _queue = new();
    private readonly Lock _emptying = new();
    private readonly BlockAssembly _assembly = new(exchange);
    private ReadyChannels? _ready;
    private int _index;
    private IncomingConnection? _connection;
    private uint _number;
    private Exception? _failure;
    private bool _released;
    private bool _closeSent;
    private bool _over;

    // Bytes: what the producer may send in all, what it sent, what was read and not yet given back as credit.
    private long _granted;
    private long _received;
    private int _window;
    private int _unreturned;
    private int _creditToSend;
    private long _blocksIn;
    private long _blocksOut;

    /// <summary>Same at both ends.</summary>
    public ChannelId Id { get; } = id;

    /// <summary>Blocks that wait; from any thread.</summary>
    public long Waiting => Volatile.Read(ref _blocksIn) - Volatile.Read(ref _blocksOut);

    /// <summary>Every element is announced from now on. The consumer's.</summary>
    public void Attach(ReadyChannels ready, int index)
    {
        _index = index;
        Interlocked.Exchange(ref _ready, ready);
        ready.Announce(index);
    }

    /// <summary>Takes what came first. The consumer's.</summary>
    /// <exception cref="SiloConnectionLostException">The connection is broken.</exception>
    public bool TryTake(out IncomingItem item)
    {
        if (Volatile.Read(ref _failure) is Exception failure)
        {
            throw failure;
        }

        if (!_queue.TryTake(out item))
        {
            return false;
        }

        if (item.Control is null)
        {
            Volatile.Write(ref _blocksOut, _blocksOut + 1);
        }

        return true;
    }

    /// <summary>Records the blocks that wait in front of the barrier of a checkpoint or of the end of data. The
    /// consumer's.</summary>
    public void Record(long checkpoint, InFlightRecords into)
    {
        SpscQueue<IncomingItem>.Place place = default;
        while (_queue.TryPeek(ref place, out IncomingItem item) && !InFlightRecords.IsEnd(item.Control, checkpoint))
        {
            if (item.Buffer is NetworkBuffer buffer)
            {
                into.Add(buffer, item.Offset, item.Length);
            }
        }
    }

    /// <summary>Says that a block has been read, so that more may come. The consumer's.</summary>
    public void Return(int bytes)
    {
        _unreturned += bytes;
        if (_unreturned < _window / 2)
        {
            return;
        }

        int credit = _unreturned;
        _unreturned = 0;
        if (Waiting == 0)
        {
            // Everything has been read: with more ahead, the reader would not have to wait.
            int more = credits.Borrow(_window);
            _window += more;
            credit += more;
        }
        else
        {
            int less = Math.Min(_window - credits.PerChannel, credit / 2);
            credits.GiveBack(less);
            _window -= less;
            credit -= less;
        }

        Grant(credit);
    }

    /// <summary>The consumer reads no more. The consumer's.</summary>
    public void Release()
    {
        exchange.Forget(this);
        Volatile.Write(ref _released, true);
        Interlocked.MemoryBarrier();
        Empty();
        credits.GiveBack(Math.Max(0, _window - credits.PerChannel));
        Volatile.Read(ref _connection)?.Announce(this);
    }

    /// <summary>The producer has opened the channel. The connection's.</summary>
    public void Bind(IncomingConnection connection, uint number)
    {
        _number = number;
        _window = credits.PerChannel;
        Volatile.Write(ref _connection, connection);
        Grant(_window);
    }

    /// <summary>A frame of records. The connection's.</summary>
    /// <param name="flags">Whether a block begins or ends with it.</param>
    /// <param name="buffer">Where it stands; the caller keeps its reference.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="ExchangeProtocolException">No producer sends that, here and now.</exception>
    public void Receive(FrameFlags flags, NetworkBuffer buffer, int offset, int length)
    {
        if ((flags & FrameFlags.First) != 0 && _received >= Interlocked.Read(ref _granted))
        {
            throw new ExchangeProtocolException(
                $"channel {Id} sends a block after {_received} bytes; it had credit for {_granted}");
        }

        _received += length;
        if (Volatile.Read(ref _released))
        {
            return;
        }

        if (_assembly.Add(flags, buffer, offset, length) is IncomingItem block)
        {
            Volatile.Write(ref _blocksIn, _blocksIn + 1);
            Enqueue(block);
        }
    }

    /// <summary>A control element. The connection's.</summary>
    public void Receive(StreamElement control)
    {
        if (!_assembly.IsEmpty)
        {
            throw new ExchangeProtocolException($"channel {Id} sends a control element within a block");
        }

        Enqueue(new IncomingItem(null, 0, 0, control));
        Volatile.Read(ref _ready)?.Foretell(_index, control);
    }

    /// <summary>Nothing more comes: the end of data came, or the producer has gone. The connection's.</summary>
    public void End()
    {
        _assembly.Drop();
        Volatile.Write(ref _over, true);
    }

    /// <summary>The connection is broken. The connection's.</summary>
    public void Fail(Exception failure)
    {
        End();
        Volatile.Write(ref _failure, failure);
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _ready)?.Announce(_index);
    }

    /// <inheritdoc/>
    public override bool TryWrite(FrameGather frames)
    {
        if (_closeSent || Volatile.Read(ref _over))
        {
            // The producer's silo knows the channel no more.
            return false;
        }

        if (Volatile.Read(ref _released))
        {
            _closeSent = true;
            frames.Add(new FrameHeader(FrameType.Close, FrameFlags.None, _number, 0));
            return true;
        }

        int credit = Interlocked.Exchange(ref _creditToSend, 0);
        if (credit == 0)
        {
            return false;
        }

        CreditCodec.Write(
            credit, frames.Add(new FrameHeader(FrameType.Credit, FrameFlags.None, _number, CreditCodec.Bytes)));
        return true;
    }

    private void Grant(int bytes)
    {
        Interlocked.Add(ref _granted, bytes);
        Interlocked.Add(ref _creditToSend, bytes);
        _connection!.Announce(this);
    }

    private void Enqueue(IncomingItem item)
    {
        _queue.Add(item);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _released))
        {
            Empty();
            return;
        }

        Volatile.Read(ref _ready)?.Announce(_index);
    }

    private void Empty()
    {
        lock (_emptying)
        {
            while (_queue.TryTake(out IncomingItem item))
            {
                item.Release();
            }
        }
    }
}

/// <summary>What came: a block of records, or a control element.</summary>
/// <param name="Buffer">Where the block stands, or null.</param>
/// <param name="Offset">Where it begins there.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Control">The control element, or null.</param>
internal readonly record struct IncomingItem(NetworkBuffer? Buffer, int Offset, int Length, StreamElement? Control)
{
    /// <summary>The block.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer!.Bytes.AsSpan(Offset, Length);

    /// <summary>Gives the block back.</summary>
    public void Release() => Buffer?.Release();
}
