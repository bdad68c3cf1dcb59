using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network;

/// <summary>The consuming end of a channel. Belongs to the loop of the consumer, but for what it says of
/// itself.</summary>
internal interface IInputChannel
{
    /// <summary>Same at both ends.</summary>
    ChannelId Id { get; }

    /// <summary>What has been taken, and what waits.</summary>
    EdgeCounts Counts { get; }

    /// <summary>From now on every element is announced, and at once when something waits already.</summary>
    /// <param name="ready">Told from any thread, after the element was added.</param>
    /// <param name="index">The channel's number within its gate.</param>
    void Attach(ReadyChannels ready, int index);

    /// <summary>Takes the oldest element; the caller becomes its holder.</summary>
    bool TryTake(out StreamElement? element);

    /// <summary>Records, by reference, the batches that wait in front of the barrier of a checkpoint or of the end of
    /// data; they stay to be read.</summary>
    void Record(long checkpoint, InFlightRecords into);

    /// <summary>The consumer reads no more. What waits, and what still comes, goes back to where it was taken
    /// from.</summary>
    void ReleaseConsumer();
}
