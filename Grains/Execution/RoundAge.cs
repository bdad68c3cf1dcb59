namespace Millrace.Execution;

/// <summary>How long a worker's round has been going on under the eyes of the watchdog.</summary>
/// <remarks>
/// Elapsed time, as a blocked thread uses no other. But no more than <paramref name="longestLook"/> counts between two
/// looks: when the whole process stood still, or the machine is so crowded that the watchdog itself was late, the
/// workers are not to blame.
/// </remarks>
/// <param name="longestLook">Most that is counted from one look to the next, in ticks of the clock.</param>
internal sealed class RoundAge(long longestLook)
{
    private long _started;
    private long _looked;
    private long _age;
    private bool _known;

    /// <summary>Looks at a round.</summary>
    /// <param name="started">When it began.</param>
    /// <param name="now">The present; never goes back.</param>
    /// <returns>Ticks that it has lasted.</returns>
    public long Look(long started, long now)
    {
        bool isSame = _known && started == _started;
        long more = Math.Min(now - (isSame ? _looked : started), longestLook);
        _age = isSame ? _age + more : more;
        _known = true;
        _started = started;
        _looked = now;
        return _age;
    }
}
