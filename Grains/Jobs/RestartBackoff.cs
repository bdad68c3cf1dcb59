namespace Millrace.Jobs;

/// <summary>Decides whether, and when, a job runs again after a failure.</summary>
internal abstract class RestartBackoff
{
    /// <summary>The strategy a job was submitted with.</summary>
    /// <param name="settings">The job's settings.</param>
    /// <param name="restarts">Restarts it has had before somebody else took charge of it.</param>
    public static RestartBackoff Of(RestartSettings settings, int restarts) => settings.Strategy switch
    {
        RestartStrategyKind.None => new NoRestart(),
        RestartStrategyKind.FixedDelay => new FixedDelayRestart(settings.Attempts - restarts, settings.Delay),
        RestartStrategyKind.Backoff => new DoublingRestart(settings),
        RestartStrategyKind.FailureRate => new RateRestart(settings),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Strategy, "Unknown restart strategy."),
    };

    /// <summary>Called once for each failure that a restart could help against.</summary>
    /// <returns>From now to the restart; null when the job is to fail.</returns>
    public abstract TimeSpan? NextDelay(DateTimeOffset now);

    private sealed class NoRestart : RestartBackoff
    {
        public override TimeSpan? NextDelay(DateTimeOffset now) => null;
    }

    private sealed class DoublingRestart(RestartSettings settings) : RestartBackoff
    {
        private TimeSpan _next = settings.Delay;
        private DateTimeOffset? _last;

        public override TimeSpan? NextDelay(DateTimeOffset now)
        {
            if (_last is { } last && now - last >= settings.ResetAfter)
            {
                _next = settings.Delay;
            }

            _last = now;
            TimeSpan delay = _next;
            _next = _next < settings.MaxDelay / 2 ? _next * 2 : settings.MaxDelay;
            return delay;
        }
    }

    // Whoever takes over begins to count anew: when the failures before were is not on record.
    private sealed class RateRestart(RestartSettings settings) : RestartBackoff
    {
        private readonly Queue<DateTimeOffset> _restarts = [];

        public override TimeSpan? NextDelay(DateTimeOffset now)
        {
            while (_restarts.TryPeek(out DateTimeOffset first) && now - first >= settings.ResetAfter)
            {
                _restarts.Dequeue();
            }

            if (_restarts.Count >= settings.Attempts)
            {
                return null;
            }

            _restarts.Enqueue(now);
            return settings.Delay;
        }
    }

    private sealed class FixedDelayRestart(int attempts, TimeSpan delay) : RestartBackoff
    {
        private int _left = attempts;

        public override TimeSpan? NextDelay(DateTimeOffset now) => _left-- > 0 ? delay : null;
    }
}
