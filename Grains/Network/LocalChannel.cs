using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network;

/// <summary>Both ends of a channel within a silo: batches change hands, nothing is copied.</summary>
/// <remarks>
/// Once the consumer has gone, nobody reads, and what is added is dropped. The consumer says that it has gone first and
/// empties the queue then; the producer adds first and looks whether it has gone then, each with a full fence between.
/// So every batch goes back to its pool, taken out by one of them, under a lock that is used for nothing else.
/// </remarks>
internal sealed class LocalChannel<T>(ChannelId id, LocalChannels meeting)
    : LocalChannel(id), ISubpartition<T>, IInputChannel
{
    private readonly SpscQueue<StreamElement> _queue = new();
    private readonly Backlog _backlog = new();
    private readonly Lock _emptying = new();
    private ChannelCounts _counts;
    private ReadyChannels? _ready;
    private int _index;
    private bool _consumerGone;

    /// <inheritdoc/>
    EdgeCounts ISubpartition<T>.Counts => new(
        Volatile.Read(ref _counts.RecordsIn), Volatile.Read(ref _counts.BatchesIn), 0, _backlog.Waiting);

    /// <inheritdoc/>
    EdgeCounts IInputChannel.Counts => new(
        Volatile.Read(ref _counts.RecordsOut), Volatile.Read(ref _counts.BatchesOut), 0, _backlog.Waiting);

    /// <inheritdoc/>
    public bool IsAvailable => _backlog.HasRoom;

    /// <summary>Gives the channel its producer.</summary>
    /// <param name="producer">Woken when there is room again.</param>
    /// <param name="depth">Batches that may wait.</param>
    public void Open(Producer producer, int depth) => _backlog.Limit(depth, producer.Wake);

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Add(RecordBatch<T> batch)
    {
        _counts.RecordsIn += batch.Count;
        _counts.BatchesIn++;
        _backlog.Add(1);
        Enqueue(batch);
    }

    /// <inheritdoc/>
    public void Add(StreamElement control)
    {
        Enqueue(control);
        Volatile.Read(ref _ready)?.Foretell(_index, control);
    }

    /// <inheritdoc/>
    public void Attach(ReadyChannels ready, int index)
    {
        // Announced whether or not something waits: an element may have come before there was anybody to tell.
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
            _counts.BatchesOut++;
            _backlog.Take(1);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Record(long checkpoint, InFlightRecords into)
    {
        SpscQueue<StreamElement>.Place place = default;
        while (_queue.TryPeek(ref place, out StreamElement element) && !InFlightRecords.IsEnd(element, checkpoint))
        {
            if (element is RecordBatch batch)
            {
                into.Add(batch, 0, batch.Watermark);
            }
        }
    }

    /// <inheritdoc/>
    public void ReleaseConsumer()
    {
        meeting.Forget(this);
        Volatile.Write(ref _consumerGone, true);
        Interlocked.MemoryBarrier();
        Empty();
        _backlog.OpenForGood();
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
}
