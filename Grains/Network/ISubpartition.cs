using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network;

/// <summary>The producing end of a channel. Belongs to the loop of the producer.</summary>
internal interface ISubpartition<T>
{
    /// <summary>False from the high mark of what waits down to the low one; then the producer's loop is
    /// woken.</summary>
    bool IsAvailable { get; }

    /// <summary>Whether what was added up to the end of data is where its consumer will find it, whenever that comes:
    /// until then the producer may not end.</summary>
    bool IsComplete => true;

    /// <summary>Whether a batch has been read when <see cref="Add(RecordBatch{T})"/> returns, and is kept by nobody:
    /// its records may be borrowed.</summary>
    bool TakesBorrowed => false;

    /// <summary>What was added, and what waits.</summary>
    EdgeCounts Counts { get; }

    /// <summary>Adds a batch; the reference moves, also when it throws. Never refuses for want of room.</summary>
    void Add(RecordBatch<T> batch);

    /// <summary>Adds a control element behind all batches added before. <see cref="EndOfData"/> is the last one: what
    /// waits reaches the consumer even after the producer disposes its end.</summary>
    void Add(StreamElement control);

    /// <summary>Whether the barrier of a checkpoint is where the consumer sees it, with all that stands in front of it:
    /// what is in flight then is for the consumer to record. The loop is woken when that has changed.</summary>
    bool HasSent(long checkpoint) => true;

    /// <summary>Sends a barrier, which was added before, ahead of what still waits here, and records that by reference;
    /// it stays to be sent.</summary>
    void Overtake(long checkpoint, InFlightRecords into)
    {
    }

    /// <summary>Ends when the consumer's end has answered.</summary>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>The producer writes no more. After <see cref="EndOfData"/> what waits still reaches the consumer;
    /// without it the channel falls silent.</summary>
    void ReleaseProducer();
}
