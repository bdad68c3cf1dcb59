namespace Millrace.Simulation;

/// <summary>A clock that moves only when the simulation moves it. Ticks of 100 ns from 2026-01-01 UTC.</summary>
internal sealed class SimulatedTime(Action<Action> ready) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<SimulatedTimer, (long Due, long Order)> _timers = new();
    private long _created;

    public long Ticks { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(Ticks);

    // Reading takes a microsecond: a loop that runs until its time is up must see it pass.
    public override long GetTimestamp() => Ticks += TimeSpan.TicksPerMicrosecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan step)
    {
        Ticks += step.Ticks;
        FireDue();
    }

    /// <returns>False when no timer is set.</returns>
    public bool AdvanceToNextTimer()
    {
        while (_timers.TryPeek(out SimulatedTimer? timer, out (long Due, long Order) at))
        {
            if (!timer.IsSetFor(at.Order))
            {
                _timers.Dequeue();
                continue;
            }

            Ticks = Math.Max(Ticks, at.Due);
            FireDue();
            return true;
        }

        return false;
    }

    internal long Set(SimulatedTimer timer, TimeSpan dueTime)
    {
        long order = ++_created;
        _timers.Enqueue(timer, (Ticks + Math.Max(dueTime.Ticks, 0), order));
        return order;
    }

    private void FireDue()
    {
        while (_timers.TryPeek(out SimulatedTimer? timer, out (long Due, long Order) at) && at.Due <= Ticks)
        {
            _timers.Dequeue();
            if (timer.IsSetFor(at.Order))
            {
                ready(timer.Fire);
            }
        }
    }
}

/// <summary>A timer of the simulated clock.</summary>
internal sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
{
    private long _order;
    private TimeSpan _period;

    public bool IsSetFor(long order) => _order == order;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        _order = dueTime == Timeout.InfiniteTimeSpan ? 0 : time.Set(this, dueTime);
        return true;
    }

    public void Fire()
    {
        if (_order == 0)
        {
            return;
        }

        _order = _period > TimeSpan.Zero ? time.Set(this, _period) : 0;
        callback(state);
    }

    public void Dispose() => _order = 0;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
