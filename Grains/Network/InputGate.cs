using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network;

/// <summary>The channels of one input of a subtask, read in turn.</summary>
internal sealed class InputGate : IInputGate
{
    private readonly IInputChannel[] _channels;
    private readonly ReadyChannels _ready;

    // Channels in turn, and those whose turn came while they were blocked.
    private readonly Queue<int> _turn = new();
    private readonly List<int> _aside = [];
    private readonly bool[] _blocked;
    private bool _disposed;

    public InputGate(IInputChannel[] channels, Action wake)
    {
        _channels = channels;
        _blocked = new bool[channels.Length];
        _ready = new ReadyChannels(channels.Length, wake);
        for (int i = 0; i < channels.Length; i++)
        {
            channels[i].Attach(_ready, i);
        }
    }

    /// <inheritdoc/>
    public int Channels => _channels.Length;

    /// <inheritdoc/>
    public EdgeCounts Counts => _channels.Aggregate(default(EdgeCounts), (sum, channel) => sum + channel.Counts);

    /// <inheritdoc/>
    public EdgeCounts CountsOf(int channel) => _channels[channel].Counts;

    /// <inheritdoc/>
    public bool TryTake(out int channel, out StreamElement? element)
    {
        while (_ready.TryTake(out int arrived))
        {
            _turn.Enqueue(arrived);
        }

        while (_turn.TryDequeue(out channel))
        {
            if (_blocked[channel])
            {
                _aside.Add(channel);
                continue;
            }

            if (_channels[channel].TryTake(out element))
            {
                _turn.Enqueue(channel);
                return true;
            }

            _ready.Withdraw(channel);
            if (_channels[channel].TryTake(out element))
            {
                if (_ready.Keep(channel))
                {
                    _turn.Enqueue(channel);
                }

                return true;
            }
        }

        channel = -1;
        element = null;
        return false;
    }

    /// <inheritdoc/>
    public bool TryTakeForetold(out int channel, out StreamElement? control)
    {
        bool isThere = _ready.TryTakeForetold(out (int Channel, StreamElement Control) foretold);
        (channel, control) = foretold;
        return isThere;
    }

    /// <inheritdoc/>
    public void Record(int channel, long checkpoint, InFlightRecords into) =>
        _channels[channel].Record(checkpoint, into);

    /// <inheritdoc/>
    public void Block(int channel) => _blocked[channel] = true;

    /// <inheritdoc/>
    public void UnblockAll()
    {
        Array.Clear(_blocked);
        foreach (int channel in _aside)
        {
            _turn.Enqueue(channel);
        }

        _aside.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (IInputChannel channel in _channels)
        {
            channel.ReleaseConsumer();
        }
    }
}
