namespace Millrace.Network.Exchange;

/// <summary>Bytes a gate lets come ahead of its reader: each channel has its own part, and a pool is there for those
/// that use theirs up. Belongs to the consumer's loop.</summary>
internal sealed class CreditPool
{
    private const int LeastPerChannel = 4 << 10;

    private readonly long _most;
    private long _free;

    public CreditPool(ExchangeOptions options, int channels)
    {
        _most = options.ChannelCreditBytes;
        PerChannel = (int)Math.Clamp(
            options.GateCreditBytes / 2 / Math.Max(channels, 1), LeastPerChannel, options.ChannelCreditBytes);
        _free = Math.Max(0, options.GateCreditBytes - ((long)channels * PerChannel));
    }

    /// <summary>What each channel begins with and keeps.</summary>
    public int PerChannel { get; }

    /// <summary>Lends more to a channel that has <paramref name="window"/> bytes and would have used more.</summary>
    /// <returns>How much more; it is given back by <see cref="GiveBack"/>.</returns>
    public int Borrow(int window)
    {
        int more = (int)Math.Min(_free, Math.Min(window, _most - window));
        _free -= more;
        return more;
    }

    /// <summary>Takes back what was lent.</summary>
    public void GiveBack(int bytes) => _free += bytes;
}
