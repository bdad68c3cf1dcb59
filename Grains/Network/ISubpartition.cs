using Millrace.Batches;

namespace Millrace.Network;

/// <summary>The producing end of a channel. Belongs to the loop of the producer.</summary>
internal interface ISubpartition<T> : IDisposable
{
    /// <summary>False from the high mark of what waits down to the low one; then the producer's loop is woken.</summary>
    bool IsAvailable { get; }

    /// <summary>What was added, and what waits.</summary>
    EdgeCounts Counts { get; }

    /// <summary>Adds a batch; the reference moves. Never refuses.</summary>
    void Add(RecordBatch<T> batch);

    /// <summary>Adds a control element behind all batches added before. <see cref="EndOfData"/> is the last one: what waits
    /// reaches the consumer even after the producer disposes its end.</summary>
    void Add(StreamElement control);

    /// <summary>Ends when the consumer's end has answered.</summary>
    Task ConnectAsync(CancellationToken cancellationToken);
}
