using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network;

/// <summary>The channels of one input of a subtask, read in turn. Belongs to the consuming loop.</summary>
internal interface IInputGate : IDisposable
{
    /// <summary>Number of channels.</summary>
    int Channels { get; }

    /// <summary>What was taken from all channels, and what waits. From any thread.</summary>
    EdgeCounts Counts { get; }

    /// <summary>What was taken from one channel, and what waits in it. From any thread.</summary>
    EdgeCounts CountsOf(int channel);

    /// <summary>Takes the next element of the next channel in turn that has one and is not blocked. The caller becomes
    /// the holder.</summary>
    /// <remarks>A channel whose producer failed or was canceled falls silent: its job ends or restarts this subtask
    /// too.</remarks>
    /// <returns>False when nothing is there; the loop is woken when something comes.</returns>
    /// <exception cref="SiloConnectionLostException">A channel broke: the producer's silo is gone.</exception>
    /// <exception cref="Serialization.RecordCorruptedException">What came is not what a producer of this job
    /// writes.</exception>
    bool TryTake(out int channel, out StreamElement? element);

    /// <summary>Takes the next of the barriers and ends of data that wait in channels, however much stands in front of
    /// them. They stay where they are.</summary>
    bool TryTakeForetold(out int channel, out StreamElement? control);

    /// <summary>Records, by reference, the batches of a channel that wait in front of the barrier of a checkpoint or of
    /// the end of data; they stay to be read.</summary>
    void Record(int channel, long checkpoint, InFlightRecords into);

    /// <summary>Skips a channel until <see cref="UnblockAll"/>: its barrier came first.</summary>
    void Block(int channel);

    /// <summary>Reads all channels again.</summary>
    void UnblockAll();
}
