using Millrace.Batches;

namespace Millrace.Network;

/// <summary>Both ends of a channel within a silo: batches change hands, nothing is copied.</summary>
/// <remarks>
/// <para>
/// <b>Bound.</b> When <c>depth</c> batches wait, the producer is not available until half of them are taken. The
/// producer notes that it waits first and counts what is queued then; the consumer counts what it took first and looks
/// for the note then, each with a full fence between. So either the producer sees the room, or the consumer sees the
/// note and wakes it.
/// </para>
/// <para>
/// <b>Release.</b> Once the consumer has gone, nobody reads, and what is added is dropped: the end that failed or was
/// canceled tells its job, which ends the other end too; a second failure would only hide the first. The consumer says
/// that it has gone first and empties the queue then; the producer adds first and looks whether it has gone then. So
/// every batch goes back to its pool, taken out by one of them, under a lock that is used for nothing else.
/// </para>
/// </remarks>
internal sealed class LocalChannel<T>(ChannelId id, LocalChannels meeting)
    : LocalChannel(id), ISubpartition<T>, IInputChannel
{
    private readonly SpscQueue<StreamElement> _queue = new();
    private readonly Lock _emptying = new();
    private ChannelCounts _counts;

    // Set once by the producer and by the consumer.
    private Producer? _producer;
    private int _depth;
    private ReadyChannels? _ready;
    private int _index;

    // The producer's, then what the two tell each other.
    private bool _full;
    private int _producerWaits;
    private bool _consumerGone;

    /// <inheritdoc/>
    EdgeCounts ISubpartition<T>.Counts => new(_counts.RecordsIn, _counts.Added, 0, Waiting);

    /// <inheritdoc/>
    EdgeCounts IInputChannel.Counts => new(_counts.RecordsOut, _counts.Taken, 0, Waiting);

    /// <inheritdoc/>
    public bool IsAvailable
    {
        get
        {
            if (!_full)
            {
                return true;
            }

            Interlocked.Exchange(ref _producerWaits, 1);
            if (Waiting > _depth / 2 && !Volatile.Read(ref _consumerGone))
            {
                return false;
            }

            Volatile.Write(ref _producerWaits, 0);
            _full = false;
            return true;
        }
    }

    private long Waiting => Volatile.Read(ref _counts.Added) - Volatile.Read(ref _counts.Taken);

    /// <summary>Gives the channel its producer.</summary>
    /// <param name="producer">Woken when there is room again.</param>
    /// <param name="depth">Batches that may wait.</param>
    public void Open(Producer producer, int depth)
    {
        _producer = producer;
        _depth = depth;
    }

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Add(RecordBatch<T> batch)
    {
        _counts.RecordsIn += batch.Count;
        Volatile.Write(ref _counts.Added, _counts.Added + 1);
        if (Waiting >= _depth)
        {
            _full = true;
        }

        Enqueue(batch);
    }

    /// <inheritdoc/>
    public void Add(StreamElement control) => Enqueue(control);

    /// <inheritdoc/>
    public void Attach(ReadyChannels ready, int index)
    {
        // As with an added element: the announcing side is told first, the queue is looked at then.
        _index = index;
        Interlocked.Exchange(ref _ready, ready);
        ready.Announce(index);
    }

    /// <inheritdoc/>
    public bool TryTake(out StreamElement? element)
    {
        if (!_queue.TryTake(out element))
        {
            return false;
        }

        if (element is RecordBatch batch)
        {
            _counts.RecordsOut += batch.Count;
            Interlocked.Exchange(ref _counts.Taken, _counts.Taken + 1);
            if (Volatile.Read(ref _producerWaits) != 0 && Waiting <= _depth / 2)
            {
                WakeProducer();
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void ReleaseConsumer()
    {
        meeting.Forget(this);
        Volatile.Write(ref _consumerGone, true);
        Interlocked.MemoryBarrier();
        Empty();
        WakeProducer();
    }

    /// <inheritdoc/>
    public void ReleaseProducer()
    {
        if (meeting.Forget(this))
        {
            // No consumer ever came.
            Empty();
        }
    }

    private void Enqueue(StreamElement element)
    {
        _queue.Add(element);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _consumerGone))
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
            while (_queue.TryTake(out StreamElement element))
            {
                element.Release();
            }
        }
    }

    private void WakeProducer()
    {
        if (Interlocked.Exchange(ref _producerWaits, 0) != 0)
        {
            _producer?.Wake();
        }
    }
}
