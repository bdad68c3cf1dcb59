using Millrace.Batches;
using Millrace.Network.Exchange.Connections;
using Millrace.Network.Exchange.Frames;
using Millrace.Network.InFlight;

namespace Millrace.Network.Exchange;

/// <summary>The producing end of a channel to another silo: blocks of records on their way to the connection.</summary>
/// <remarks>
/// <para>
/// The producer adds; the connection's writer takes as long as there is credit. A block may begin while any credit is
/// left and is then sent whole, so that one larger than all credit gets through too.
/// </para>
/// <para>
/// When nobody will read any more, what waits and what is still added is dropped: whoever finds that out says so first
/// and empties the queue then; the producer adds first and looks then. Taking is done under a lock, so that the writer
/// may be among them.
/// </para>
/// <para>
/// A barrier may be told to overtake what still waits: it is sent next, between two blocks, and not again when its own
/// place is reached. What it overtakes is recorded for the checkpoint and sent behind it.
/// </para>
/// </remarks>
internal sealed class OutgoingChannel(
    ChannelId id, Producer producer, BufferAccount account, TimeProvider time)
    : FrameSource, IBlockTaker
{
    private readonly SpscQueue<OutgoingItem> _queue = new();
    private readonly Lock _taking = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OutgoingConnection? _connection;
    private uint _number;
    private long _credit;
    private bool _accepted;
    private bool _ended;
    private bool _released;
    private bool _dropping;
    private bool _closing;

    // The writer's, under the lock.
    private OutgoingItem _head;
    private int _sentOfHead;
    private CheckpointBarrier? _overtaking;
    private long _barrierSent;
    private bool _openSent;
    private bool _finished;

    /// <summary>Same at both ends.</summary>
    public ChannelId Id { get; } = id;

    /// <summary>Bytes that wait to be sent.</summary>
    public Backlog Backlog { get; } = new();

    /// <summary>Whether nobody will read any more: what is added is dropped.</summary>
    public bool IsDropping => Volatile.Read(ref _dropping);

    /// <summary>Ends when the consumer's silo has accepted the channel.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Ends the wait for the consumer's silo; the channel itself is released by its owner.</summary>
    public void StopWaiting(CancellationToken reason) => _opened.TrySetCanceled(reason);

    /// <summary>Gives the channel its connection; it is opened there.</summary>
    public void Bind(OutgoingConnection connection, uint number)
    {
        _number = number;
        Interlocked.Exchange(ref _connection, connection);
        connection.Announce(this);
    }

    /// <summary>Adds a block. The producer's.</summary>
    /// <param name="buffer">A frame: room for its header, the block's header, records. The reference moves.</param>
    /// <param name="length">Bytes of the frame.</param>
    public void Add(NetworkBuffer buffer, int length)
    {
        Backlog.Add(length);
        Enqueue(new OutgoingItem(buffer, length, null));
    }

    /// <summary>Adds a control element. The producer's.</summary>
    public void Add(StreamElement control)
    {
        _ended |= control is EndOfData;
        Enqueue(new OutgoingItem(null, 0, control));
    }

    /// <summary>Whether a barrier has gone, or is no longer awaited. The producer's.</summary>
    public bool HasSent(long checkpoint) =>
        Volatile.Read(ref _barrierSent) >= checkpoint || IsDropping;

    /// <summary>Makes a barrier that waits the next to be sent, and records the blocks it overtakes. The
    /// producer's.</summary>
    public void Overtake(long checkpoint, InFlightRecords into)
    {
        lock (_taking)
        {
            if (HasSent(checkpoint))
            {
                return;
            }

            // A block whose sending has begun gets there before the barrier.
            OutgoingItem item = _sentOfHead > 0 ? default : _head;
            SpscQueue<OutgoingItem>.Place place = default;
            do
            {
                if (item.Control is CheckpointBarrier barrier && barrier.Checkpoint == checkpoint)
                {
                    _overtaking = barrier;
                    break;
                }

                if (item.Buffer is NetworkBuffer buffer)
                {
                    into.Add(buffer, FrameHeader.Bytes, item.Length - FrameHeader.Bytes);
                }
            }
            while (_queue.TryPeek(ref place, out item));
        }

        Volatile.Read(ref _connection)?.Announce(this);
    }

    /// <summary>The producer writes no more. The producer's.</summary>
    public void Release()
    {
        Volatile.Write(ref _released, true);
        if (!_ended || Volatile.Read(ref _connection) is null)
        {
            Close();
        }
    }

    /// <summary>The consumer's silo lets so many more bytes come.</summary>
    public void AddCredit(int bytes)
    {
        Interlocked.Add(ref _credit, bytes);
        if (!_accepted)
        {
            _accepted = true;
            _opened.TrySetResult();
        }

        _connection!.Announce(this);
    }

    /// <summary>The consumer reads no more; or its silo refuses the channel, if that was not accepted.</summary>
    public void CloseByConsumer(string reason)
    {
        if (!_accepted)
        {
            Fail(new SiloConnectionLostException(
                $"{_connection!.Peer} refuses the channel from subtask {Id.Producer} to {Id.Consumer}: {reason}."));
        }

        Close();
    }

    /// <summary>The connection is broken, or never came about.</summary>
    public void Fail(Exception failure)
    {
        Drop();
        if (_opened.TrySetException(failure))
        {
            // Whoever waits for it sees it; nobody needs to.
            _ = _opened.Task.Exception;
        }

        if (!Volatile.Read(ref _released))
        {
            producer.Fail(failure);
        }
    }

    /// <inheritdoc/>
    public override bool TryWrite(FrameGather frames)
    {
        lock (_taking)
        {
            if (_finished)
            {
                return false;
            }

            if (_closing)
            {
                if (_openSent)
                {
                    frames.Add(new FrameHeader(FrameType.Close, FrameFlags.None, _number, 0));
                }

                Finish();
                return _openSent;
            }

            if (!_openSent)
            {
                _openSent = true;
                ChannelIdCodec.Write(
                    Id, frames.Add(new FrameHeader(FrameType.Open, FrameFlags.None, _number, ChannelIdCodec.Bytes)));
                return true;
            }

            return TryWriteHead(frames);
        }
    }

    private bool TryWriteHead(FrameGather frames)
    {
        if (_overtaking is CheckpointBarrier overtaking && _sentOfHead == 0)
        {
            _overtaking = null;
            Write(overtaking, frames);
            return true;
        }

        while (!_head.IsNone || _queue.TryTake(out _head))
        {
            if (_head.Control is not StreamElement control)
            {
                return TryWriteBlock(frames, _head.Buffer!);
            }

            _head = default;
            if (control is CheckpointBarrier barrier && barrier.Checkpoint <= _barrierSent)
            {
                // It overtook what stood in front of it.
                continue;
            }

            Write(control, frames);
            return true;
        }

        return false;
    }

    private void Write(StreamElement control, FrameGather frames)
    {
        ControlCodec.Write(
            control,
            frames.Add(new FrameHeader(FrameType.Control, FrameFlags.None, _number, ControlCodec.LengthOf(control))),
            time);
        if (control is CheckpointBarrier barrier)
        {
            Volatile.Write(ref _barrierSent, barrier.Checkpoint);
            producer.Wake();
        }
        else if (control is EndOfData)
        {
            Finish();
        }
    }

    private bool TryWriteBlock(FrameGather frames, NetworkBuffer buffer)
    {
        if (_sentOfHead == 0 && Interlocked.Read(ref _credit) <= 0)
        {
            return false;
        }

        int rest = _head.Length - FrameHeader.Bytes - _sentOfHead;
        int now = Math.Min(rest, FrameHeader.MaxLength);
        FrameFlags flags = (_sentOfHead == 0 ? FrameFlags.First : FrameFlags.None)
            | (now == rest ? FrameFlags.Last : FrameFlags.None);
        FrameHeader header = new(FrameType.Data, flags, _number, now);
        Interlocked.Add(ref _credit, -now);
        if (flags == (FrameFlags.First | FrameFlags.Last))
        {
            Backlog.Take(_head.Length);
            _head = default;
            header.Write(buffer.Bytes);
            frames.Add(buffer, FrameHeader.Bytes + now);
            return true;
        }

        // A part of a large block is copied: the block may be dropped while the part is being written.
        NetworkBuffer part = NetworkBuffer.Rent(FrameHeader.Bytes + now, account);
        header.Write(part.Bytes);
        buffer.Bytes.AsSpan(FrameHeader.Bytes + _sentOfHead, now).CopyTo(part.Bytes.AsSpan(FrameHeader.Bytes));
        frames.Add(part, FrameHeader.Bytes + now);
        _sentOfHead += now;
        if (now == rest)
        {
            ReleaseHead();
        }

        return true;
    }

    private void Enqueue(OutgoingItem item)
    {
        _queue.Add(item);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _dropping))
        {
            Empty();
            return;
        }

        Volatile.Read(ref _connection)?.Announce(this);
    }

    private void Close()
    {
        Volatile.Write(ref _closing, true);
        Drop();
        Volatile.Read(ref _connection)?.Announce(this);
    }

    private void Drop()
    {
        Volatile.Write(ref _dropping, true);
        Interlocked.MemoryBarrier();
        Empty();
        Backlog.OpenForGood();
    }

    private void Empty()
    {
        lock (_taking)
        {
            do
            {
                ReleaseHead();
            }
            while (_queue.TryTake(out _head));
            _head = default;
        }
    }

    private void ReleaseHead()
    {
        if (_head.Buffer is NetworkBuffer buffer)
        {
            Backlog.Take(_head.Length);
            buffer.Release();
        }

        _head = default;
        _sentOfHead = 0;
    }

    private void Finish()
    {
        _finished = true;
        _connection!.Forget(_number);
    }
}

/// <summary>What waits in a channel: a block of records, or a control element.</summary>
/// <param name="Buffer">The block, or null.</param>
/// <param name="Length">Bytes of its frame.</param>
/// <param name="Control">The control element, or null.</param>
internal readonly record struct OutgoingItem(NetworkBuffer? Buffer, int Length, StreamElement? Control)
{
    /// <summary>Whether it is neither.</summary>
    public bool IsNone => Buffer is null && Control is null;
}
