using Millrace.Batches;

namespace Millrace.Network;

/// <summary>The channels of one input of a subtask, read in turn. Belongs to the consuming loop.</summary>
internal interface IInputGate : IDisposable
{
    /// <summary>Number of channels.</summary>
    int Channels { get; }

    /// <summary>Takes the next element of the next channel in turn that has one and is not blocked. The caller becomes the holder.</summary>
    /// <returns>False when nothing is there; the loop is woken when something comes.</returns>
    /// <exception cref="IOException">A channel broke: the producer's silo is gone.</exception>
    bool TryTake(out int channel, out StreamElement? element);

    /// <summary>Skips a channel until <see cref="UnblockAll"/>: its barrier came first.</summary>
    void Block(int channel);

    /// <summary>Reads all channels again.</summary>
    void UnblockAll();
}
