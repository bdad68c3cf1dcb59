using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks.Metering;

/// <summary>How long a loop took input, or waited for some. It stands still while the outputs are full and while what
/// was taken is worked off: input that nobody reads then is not missing. Belongs to the loop.</summary>
internal sealed class ReadingTime(RoundClock clock)
{
    private long _since;
    private bool _reads;

    /// <summary>In ticks of the clock.</summary>
    public long Ticks { get; private set; }

    /// <summary>A round begins, at the clock's latest reading.</summary>
    public void RoundBegins() => Ticks += _reads ? clock.Last - _since : 0;

    /// <summary>Lets the head take input.</summary>
    public HeadStatus Run(IChainHead head)
    {
        long begin = clock.Last;
        HeadStatus status = head.Run();
        Ticks += clock.Last - begin;
        return status;
    }

    /// <summary>A round ends.</summary>
    /// <param name="reads">Whether everything taken is worked off, and more would be taken.</param>
    public void RoundEnds(bool reads)
    {
        _reads = reads;
        _since = clock.Last;
    }
}
