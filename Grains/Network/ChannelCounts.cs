using System.Runtime.InteropServices;

namespace Millrace.Network;

/// <summary>Counters of a channel: each end writes its own, away from the other's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ChannelCounts
{
    private readonly CacheLine _before;

    /// <summary>Batches added. The producer's.</summary>
    public long BatchesIn;

    /// <summary>Records added. The producer's.</summary>
    public long RecordsIn;

    private readonly CacheLine _between;

    /// <summary>Batches taken. The consumer's.</summary>
    public long BatchesOut;

    /// <summary>Records taken. The consumer's.</summary>
    public long RecordsOut;

    private readonly CacheLine _after;
}
