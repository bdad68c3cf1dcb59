namespace Millrace.Operators.Async;

/// <summary>Has a loop woken at a reading of its rounds' clock. Belongs to that loop.</summary>
internal sealed class RoundAlarm(ISubtaskLoop loop, RoundClock clock)
{
    private const long None = long.MaxValue;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    // A delay cannot be of any length; whoever is woken too early waits again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // The earliest wake-up that was asked for and is still to come.
    private long _set = None;

    /// <summary>Asks for a round at a reading or soon after, unless an earlier one was asked for.</summary>
    public void Set(long reading)
    {
        if (reading >= _set)
        {
            return;
        }

        _set = reading;
        TimeSpan delay = clock.Until(reading);
        delay = delay < ShortestWait ? ShortestWait : delay > LongestWait ? LongestWait : delay;
        loop.Run(async token =>
        {
            await loop.DelayAsync(delay, token);
            loop.Post(() => _set = None);
        });
    }
}
