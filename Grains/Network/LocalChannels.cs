using System.Diagnostics.CodeAnalysis;

namespace Millrace.Network;

/// <summary>A channel within a silo, whatever it carries.</summary>
internal abstract class LocalChannel(ChannelId id)
{
    /// <summary>Same at both ends.</summary>
    public ChannelId Id { get; } = id;
}

/// <summary>Where the two ends of a local channel meet: whichever comes first makes it. Thread-safe.</summary>
internal sealed class LocalChannels
{
    private readonly Dictionary<ChannelId, (LocalChannel Channel, ChannelEnd CameFirst)> _halves = [];

    /// <summary>Channels of which only one end is there.</summary>
    public int Halves
    {
        get
        {
            lock (_halves)
            {
                return _halves.Count;
            }
        }
    }

    /// <summary>The channel of that id: the one the other end made, or a new one that waits for the other
    /// end.</summary>
    /// <exception cref="InvalidOperationException">This end is there already, or the other one carries other
    /// records.</exception>
    public LocalChannel<T> Join<T>(ChannelId id, ChannelEnd end)
    {
        lock (_halves)
        {
            if (!_halves.TryGetValue(id, out (LocalChannel Channel, ChannelEnd CameFirst) half))
            {
                LocalChannel<T> made = new(id, this);
                _halves.Add(id, (made, end));
                return made;
            }

            if (half.CameFirst == end)
            {
                ThrowDeployedTwice(id, end);
            }

            if (half.Channel is not LocalChannel<T> channel)
            {
                throw new InvalidOperationException(
                    $"Channel {id}: its {half.CameFirst} has {half.Channel.GetType().GenericTypeArguments[0]}, "
                    + $"its {end} {typeof(T)}; both ends need the same record type.");
            }

            _halves.Remove(id);
            return channel;
        }
    }

    /// <summary>Makes a channel be met no more.</summary>
    /// <returns>True when the other end had not come.</returns>
    public bool Forget(LocalChannel channel)
    {
        lock (_halves)
        {
            return _halves.TryGetValue(channel.Id, out var half)
                && ReferenceEquals(half.Channel, channel)
                && _halves.Remove(channel.Id);
        }
    }

    [DoesNotReturn]
    private static void ThrowDeployedTwice(ChannelId id, ChannelEnd end) =>
        throw new InvalidOperationException($"Channel {id} has its {end} already; an attempt is deployed once.");
}

/// <summary>One side of a channel.</summary>
internal enum ChannelEnd
{
    Producer,
    Consumer,
}
