using Millrace.Functions;
using Millrace.Serialization;

namespace Millrace.Operators.Timers;

/// <summary>The timers of one operator, of both kinds, and when they fire. Belongs to its loop.</summary>
/// <remarks>A timer is a unit of work: between two of them the outputs are asked whether they have room, and now and
/// then the clock whether the round is over.</remarks>
internal sealed class OperatorTimers<TKey, TNamespace>(
    string name,
    SerializerSet serializers,
    ISubtaskLoop loop,
    RoundClock clock,
    ITimerTarget<TKey, TNamespace> target)
{
    private const int TimersPerReading = 16;
    private const long NoWakeUp = long.MaxValue;

    // A delay cannot be of any length; whoever is woken too early waits again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // The earliest wake-up that was asked for and is still to come.
    private long _wakeUp = NoWakeUp;

    /// <summary>Those that follow the watermark.</summary>
    public TimerQueue<TKey, TNamespace> EventTime { get; } = new(name, TimeDomain.EventTime, serializers);

    /// <summary>Those that follow the clock. What is added is followed by <see cref="ScheduleWakeUp"/>.</summary>
    public TimerQueue<TKey, TNamespace> ProcessingTime { get; } = new(name, TimeDomain.ProcessingTime, serializers);

    /// <summary>Whether timers fire when their key ends, and not by watermark or clock.</summary>
    public bool EndWithKeys { get; set; }

    /// <summary>Whether timers by the clock wait until it has passed their time, because records that come in the same
    /// millisecond belong before them.</summary>
    public bool WaitForNextMillisecond { get; init; }

    /// <summary>Whether timers of keys that end are firing: what is registered for the clock then never
    /// comes.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>At the end of the input: the time of the clock that has passed as far as timers are
    /// concerned.</summary>
    public long FinishedUntil { get; private set; } = long.MinValue;

    /// <summary>No earlier record will come.</summary>
    public long Watermark { get; private set; } = long.MinValue;

    /// <summary>The time of the clock, in milliseconds since 1970-01-01 UTC.</summary>
    public long Now => loop.Time.GetUtcNow().ToUnixTimeMilliseconds();

    // The last time of timers that are due by the clock.
    private long Due => WaitForNextMillisecond ? Now - 1 : Now;

    /// <summary>Takes over how far event time had come when the snapshot was taken.</summary>
    public void Restore(long watermark) => Watermark = watermark;

    /// <summary>Time has come so far: fires what is due, unit by unit.</summary>
    /// <returns>False when the outputs have no more room or the round is over: call again.</returns>
    public bool Advance(long watermark)
    {
        Watermark = Math.Max(Watermark, watermark);
        for (int fired = 1; EventTime.TryPeek(out long time) && time <= Watermark; fired++)
        {
            if (!target.CanTake || IsRoundOver(fired))
            {
                return false;
            }

            EventTime.TryPop(Watermark, out TimerKey<TKey, TNamespace> timer);
            target.OnEventTime(in timer);
        }

        return true;
    }

    /// <summary>No further record of the keys at hand comes: fires all of their timers, unit by unit. Time stands at
    /// its end meanwhile, and at its beginning for the next key.</summary>
    /// <returns>False when the outputs have no more room or the round is over: call again.</returns>
    public bool FireAll()
    {
        IsEnding = true;
        for (int fired = 1; ; fired++)
        {
            if (!Advance(long.MaxValue))
            {
                return false;
            }

            if (ProcessingTime.Count == 0)
            {
                break;
            }

            if (!target.CanTake || IsRoundOver(fired))
            {
                return false;
            }

            ProcessingTime.TryPop(long.MaxValue, out TimerKey<TKey, TNamespace> timer);
            target.OnProcessingTime(in timer);
        }

        IsEnding = false;
        Watermark = long.MinValue;
        return true;
    }

    /// <summary>Between two rounds: fires what is due by the clock, as long as there is room, and has the loop woken
    /// for the next one.</summary>
    public void FireProcessingTime()
    {
        if (ProcessingTime.Count == 0 || EndWithKeys)
        {
            return;
        }

        long now = Due;
        for (int fired = 1; ProcessingTime.TryPeek(out long time) && time <= now; fired++)
        {
            if (!target.CanTake)
            {
                // The loop is woken when there is room again.
                return;
            }

            if (IsRoundOver(fired))
            {
                loop.Wake();
                return;
            }

            ProcessingTime.TryPop(now, out TimerKey<TKey, TNamespace> timer);
            target.OnProcessingTime(in timer);
        }

        ScheduleWakeUp();
    }

    /// <summary>At the end of the input: fires what follows the clock at once, up to a time, unit by unit.</summary>
    /// <returns>False when the outputs have no more room or the round is over: call again.</returns>
    public bool FinishProcessingTime(long until)
    {
        FinishedUntil = until;
        for (int fired = 1; ProcessingTime.TryPeek(out long time) && time <= until; fired++)
        {
            if (!target.CanTake || IsRoundOver(fired))
            {
                return false;
            }

            ProcessingTime.TryPop(until, out TimerKey<TKey, TNamespace> timer);
            target.OnProcessingTime(in timer);
        }

        return true;
    }

    /// <summary>Has the loop woken for the earliest timer that follows the clock.</summary>
    public void ScheduleWakeUp()
    {
        if (EndWithKeys || !ProcessingTime.TryPeek(out long time) || time >= _wakeUp)
        {
            return;
        }

        _wakeUp = time;
        var delay = TimeSpan.FromMilliseconds(
            Math.Clamp(time - Math.Min(time, Due), 1, (long)LongestWait.TotalMilliseconds));
        loop.Run(async token =>
        {
            await loop.DelayAsync(delay, token);
            loop.Post(() => _wakeUp = NoWakeUp);
        });
    }

    private bool IsRoundOver(int fired)
    {
        if (fired % TimersPerReading != 0)
        {
            return false;
        }

        clock.Read();
        return clock.IsOver;
    }
}
