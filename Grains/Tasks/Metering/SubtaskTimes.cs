using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks.Metering;

/// <summary>Where a loop's time goes, from when it begins to process until it has ended. Written by the loop, read by
/// anybody.</summary>
/// <remarks>
/// <para>
/// At any moment the loop is busy, idle or backpressured. It changes over at the ends of a round that it has to wait
/// after; a loop that always has more to do writes nothing here and reads no clock. Busy time is the rest of what has
/// elapsed, so that the three add up to it; a wait counts from its beginning, whether or not it ever ends.
/// </para>
/// <para>
/// A reader takes no lock: the loop makes the number of changes odd, reads the clock, writes, and makes it even again.
/// Whoever saw the same even number before and after it read its own clock saw what held at that moment, and nobody
/// later sees less. A reader that cannot get in between two changes is content with the latest that anybody saw.
/// </para>
/// </remarks>
internal sealed class SubtaskTimes(RoundClock clock, TimeProvider time)
{
    private const int MaxReads = 100;

    private long _changes;
    private Seen _latest = new(default);
    private Phase _phase = Phase.NotBegun;
    private long _began;
    private long _since;
    private long _idle;
    private long _backpressured;

    private enum Phase
    {
        NotBegun,
        Busy,
        Idle,
        Backpressured,
        Ended,
    }

    /// <summary>A round begins: what went before was waiting.</summary>
    public void RoundBegins()
    {
        if (_phase is Phase.Idle or Phase.Backpressured)
        {
            Change(Phase.Busy);
            return;
        }

        clock.Begin();
    }

    /// <summary>The loop begins to process, in a round.</summary>
    public void Begin()
    {
        if (_phase == Phase.NotBegun)
        {
            Change(Phase.Busy);
        }
    }

    /// <summary>A round ends.</summary>
    /// <param name="waitingFor">What the loop waits for next.</param>
    public void RoundEnds(HeadStatus waitingFor)
    {
        if (waitingFor != HeadStatus.Ready && _phase == Phase.Busy)
        {
            Change(waitingFor == HeadStatus.Backpressured ? Phase.Backpressured : Phase.Idle);
        }
    }

    /// <summary>The loop has ended: from now on time stands still.</summary>
    public void End()
    {
        if (_phase is not (Phase.NotBegun or Phase.Ended))
        {
            Change(Phase.Ended);
        }
    }

    /// <summary>Up to now, with a wait that goes on. From any thread.</summary>
    public ElapsedTimes Read()
    {
        for (int tries = 0; tries < MaxReads; tries++)
        {
            long changes = Volatile.Read(ref _changes);
            ElapsedTimes times = Count();
            Interlocked.MemoryBarrier();
            if (changes % 2 == 0 && changes == Volatile.Read(ref _changes))
            {
                Remember(times);
                return times;
            }

            Thread.Yield();
        }

        return Volatile.Read(ref _latest).Times;
    }

    // The later of two readings is the one of more time in all.
    private void Remember(ElapsedTimes times)
    {
        var seen = new Seen(times);
        Seen latest = Volatile.Read(ref _latest);
        while (times.Total > latest.Times.Total)
        {
            Seen before = Interlocked.CompareExchange(ref _latest, seen, latest);
            if (before == latest)
            {
                return;
            }

            latest = before;
        }
    }

    private ElapsedTimes Count()
    {
        Phase phase = _phase;
        if (phase == Phase.NotBegun)
        {
            return default;
        }

        long since = _since;
        long now = phase == Phase.Ended ? since : time.GetTimestamp();
        long waited = Math.Max(0, now - since);
        long idle = clock.NanosecondsOf(_idle + (phase == Phase.Idle ? waited : 0));
        long backpressured = clock.NanosecondsOf(_backpressured + (phase == Phase.Backpressured ? waited : 0));
        long elapsed = clock.NanosecondsOf(Math.Max(0, now - _began));
        return new ElapsedTimes(Math.Max(0, elapsed - idle - backpressured), idle, backpressured);
    }

    // The clock is read after the number is odd: a reader that still saw it even read its own clock before.
    private void Change(Phase phase)
    {
        Interlocked.Increment(ref _changes);
        clock.Begin();
        long waited = clock.Last - _since;
        switch (_phase)
        {
            case Phase.NotBegun:
                _began = clock.Last;
                break;
            case Phase.Idle:
                _idle += waited;
                break;
            case Phase.Backpressured:
                _backpressured += waited;
                break;
            default:
                break;
        }

        _phase = phase;
        _since = clock.Last;
        Interlocked.Increment(ref _changes);
    }

    /// <summary>A reading that readers hand to each other.</summary>
    private sealed class Seen(ElapsedTimes times)
    {
        public ElapsedTimes Times { get; } = times;
    }
}

/// <summary>Where time went, in nanoseconds.</summary>
/// <param name="Busy">Something to do.</param>
/// <param name="Idle">Waiting for input.</param>
/// <param name="Backpressured">Waiting for room in an output.</param>
internal readonly record struct ElapsedTimes(long Busy, long Idle, long Backpressured)
{
    /// <summary>All of it.</summary>
    public long Total => Busy + Idle + Backpressured;
}
