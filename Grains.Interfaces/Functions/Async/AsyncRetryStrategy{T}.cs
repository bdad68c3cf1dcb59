namespace Millrace.Functions.Async;

/// <summary>When the asynchronous function is called again for a record, how often, and after which time. Immutable:
/// each method gives another strategy.</summary>
/// <remarks>What is asked, is asked on the subtask's loop.</remarks>
/// <typeparam name="TOut">Type of the results.</typeparam>
public sealed record AsyncRetryStrategy<TOut>
{
    private readonly Func<int, TimeSpan?> _delays;

    internal AsyncRetryStrategy(Func<int, TimeSpan?> delays) => _delays = delays;

    /// <summary>Whether an exception is worth another call. Default: any is.</summary>
    internal Func<Exception, bool> IsForException { get; private init; } = static _ => true;

    /// <summary>Whether results are worth another call. Default: none are.</summary>
    internal Func<IReadOnlyList<TOut>, bool> IsForResult { get; private init; } = static _ => false;

    /// <summary>Only exceptions of which the function says true are worth another call; others fail the job.</summary>
    /// <param name="predicate">Must not block.</param>
    public AsyncRetryStrategy<TOut> RetryOnException(Func<Exception, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return this with { IsForException = predicate };
    }

    /// <summary>Results of which the function says true are worth another call too. Those of the last call go on,
    /// whatever they are.</summary>
    /// <param name="predicate">Takes all results of a call, valid during its own call only; must not block.</param>
    public AsyncRetryStrategy<TOut> RetryOnResult(Func<IReadOnlyList<TOut>, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return this with { IsForResult = predicate };
    }

    /// <summary>The time before the next call, or null for none.</summary>
    /// <param name="attempts">Calls made so far, from 1.</param>
    internal TimeSpan? DelayAfter(int attempts)
    {
        TimeSpan? delay = _delays(attempts);
        if (delay is TimeSpan known)
        {
            AsyncRetryStrategy.RequireDelay(known);
        }

        return delay;
    }
}
