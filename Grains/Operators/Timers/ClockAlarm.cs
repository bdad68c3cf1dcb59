namespace Millrace.Operators.Timers;

/// <summary>Has a loop woken at a time of the clock. Belongs to that loop.</summary>
internal sealed class ClockAlarm(ISubtaskLoop loop)
{
    private const long None = long.MaxValue;

    // A delay cannot be of any length; whoever is woken too early waits again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // The earliest wake-up that was asked for and is still to come.
    private long _set = None;

    /// <summary>The time of the clock, in milliseconds since 1970-01-01 UTC.</summary>
    public long Now => loop.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Asks for a round at a time or soon after, unless an earlier one was asked for.</summary>
    public void Set(long time)
    {
        if (time >= _set)
        {
            return;
        }

        _set = time;
        var delay = TimeSpan.FromMilliseconds(
            Math.Clamp(time - Math.Min(time, Now), 1, (long)LongestWait.TotalMilliseconds));
        loop.Run(async token =>
        {
            await loop.DelayAsync(delay, token);
            loop.Post(() => _set = None);
        });
    }

    /// <summary>Asks for a round at once.</summary>
    public void Wake() => loop.Wake();
}
