namespace Millrace.Execution;

/// <summary>What the rounds of one thread use, one after the other. Belongs to that thread.</summary>
/// <remarks>The end of a round is the beginning of the next, so that a round costs one reading of the clock.</remarks>
internal sealed class RoundMeter(ThreadClock clock, TimeSpan longest)
{
    private readonly long _most = clock.CountsWaiting ? (long)longest.TotalNanoseconds : long.MaxValue;
    private long _last;

    /// <summary>The thread has waited: what went before is nobody's round.</summary>
    public void Restart() => _last = clock.Read();

    /// <summary>A round ends.</summary>
    /// <returns>Nanoseconds of processor time it used. By a clock that counts waiting, no more than a round that blocks
    /// may take: otherwise a function that waits for an hour would cost its job an hour.</returns>
    public long Lap()
    {
        long now = clock.Read();
        long used = now - _last;
        _last = now;
        return Math.Clamp(used, 0, _most);
    }
}
