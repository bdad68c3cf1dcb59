using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks;

/// <summary>Where a loop's time goes. Written by the loop, read by anybody.</summary>
internal sealed class SubtaskTimes(RoundClock clock)
{
    private long _waitingSince;
    private long _idleTicks;
    private long _backpressuredTicks;
    private HeadStatus _waitingFor = HeadStatus.Ready;

    public long IdleNanoseconds => clock.NanosecondsOf(Interlocked.Read(ref _idleTicks));

    public long BackpressuredNanoseconds => clock.NanosecondsOf(Interlocked.Read(ref _backpressuredTicks));

    /// <summary>A round begins: what went before was waiting.</summary>
    public void RoundBegins()
    {
        long waited = clock.Last - _waitingSince;
        switch (_waitingFor)
        {
            case HeadStatus.Idle or HeadStatus.Finished:
                Interlocked.Add(ref _idleTicks, waited);
                break;
            case HeadStatus.Backpressured:
                Interlocked.Add(ref _backpressuredTicks, waited);
                break;
            default:
                break;
        }
    }

    /// <summary>A round ends.</summary>
    public void RoundEnds(HeadStatus waitingFor)
    {
        _waitingFor = waitingFor;
        _waitingSince = clock.Last;
    }
}
