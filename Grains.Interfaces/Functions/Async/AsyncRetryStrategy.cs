namespace Millrace.Functions.Async;

/// <summary>Begins a strategy for records whose asynchronous function fails: how often it is called again, and after
/// which time.</summary>
/// <remarks>
/// A record's timeout runs over all of its calls. At the end of the input calls that wait for their time are made at
/// once, and results are taken as they are from then on; exceptions are still tried again.
/// <code>
/// AsyncRetryStrategy.ExponentialBackoff&lt;Customer&gt;(
///         maxAttempts: 5, TimeSpan.FromMilliseconds(50), maxDelay: TimeSpan.FromSeconds(2))
///     .RetryOnException(exception => exception is HttpRequestException)
///     .RetryOnResult(customers => customers.Count == 0)
/// </code>
/// </remarks>
public static class AsyncRetryStrategy
{
    private const int MostAttempts = 1_000_000;

    /// <summary>The same time before each further call.</summary>
    /// <param name="maxAttempts">Calls for one record, the first one included; from 1 to 1,000,000.</param>
    /// <param name="delay">From 0 to a day.</param>
    public static AsyncRetryStrategy<TOut> FixedDelay<TOut>(int maxAttempts, TimeSpan delay)
    {
        RequireAttempts(maxAttempts);
        RequireDelay(delay);
        return new AsyncRetryStrategy<TOut>(attempts => attempts < maxAttempts ? delay : null);
    }

    /// <summary>Before each further call a time that is some times the one before.</summary>
    /// <param name="maxAttempts">Calls for one record, the first one included; from 1 to 1,000,000.</param>
    /// <param name="initialDelay">Before the second call; from 0 to a day.</param>
    /// <param name="maxDelay">No time is longer; from <paramref name="initialDelay"/> to a day.</param>
    /// <param name="multiplier">From 1 to 1,000.</param>
    public static AsyncRetryStrategy<TOut> ExponentialBackoff<TOut>(
        int maxAttempts, TimeSpan initialDelay, TimeSpan maxDelay, double multiplier = 2)
    {
        RequireAttempts(maxAttempts);
        RequireDelay(initialDelay);
        RequireDelay(maxDelay);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, initialDelay);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(multiplier, 1_000);
        return new AsyncRetryStrategy<TOut>(attempts => attempts < maxAttempts
            ? TimeSpan.FromTicks((long)Math.Min(
                maxDelay.Ticks, initialDelay.Ticks * Math.Pow(multiplier, attempts - 1)))
            : null);
    }

    /// <summary>As a function says.</summary>
    /// <param name="delays">Takes the number of calls made so far, from 1; gives the time before the next one, from 0
    /// to a day, or null for no further one. On the subtask's loop; must not block.</param>
    public static AsyncRetryStrategy<TOut> Custom<TOut>(Func<int, TimeSpan?> delays)
    {
        ArgumentNullException.ThrowIfNull(delays);
        return new AsyncRetryStrategy<TOut>(delays);
    }

    internal static void RequireDelay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(1));
    }

    private static void RequireAttempts(int maxAttempts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxAttempts);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxAttempts, MostAttempts);
    }
}
