using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Functions.Async;
using Millrace.Graph.Async;

namespace Millrace.Joins;

/// <summary>A stream whose records join the rows that are found for their keys when they come. Immutable: each method
/// gives another join.</summary>
/// <remarks>
/// By processing time: a record joins what stands outside at that moment, or what a cache has of it. Records of one key
/// that come while it is looked up wait for the same answer. Partitioned by the key (<c>KeyBy</c>), each subtask's
/// cache holds keys of its own. A result has the time of its record.
/// </remarks>
public sealed class LookupJoin<TLeft, TKey, TRow>
{
    private readonly DataStream<TLeft> _left;
    private readonly AsyncWait _wait;
    private readonly LookupSettings<TLeft, TKey, TRow> _lookup;

    internal LookupJoin(DataStream<TLeft> left, AsyncWait wait, LookupSettings<TLeft, TKey, TRow> lookup)
    {
        _left = left;
        _wait = wait;
        _lookup = lookup;
    }

    /// <summary>Keeps rows that were found; those of the key used least recently go first.</summary>
    /// <param name="maxEntries">Most keys in each subtask; from 1 to 100 million.</param>
    /// <param name="expireAfterWrite">How long after it was found a row is used: so old may a result be. From 1 ms to
    /// 10,000 days; null for any time.</param>
    /// <param name="cacheMisses">Whether it is also kept that a key has no rows.</param>
    /// <exception cref="InvalidProgramGraphException">A number lies outside its bounds.</exception>
    public LookupJoin<TLeft, TKey, TRow> WithCache(
        int maxEntries, TimeSpan? expireAfterWrite = null, bool cacheMisses = true)
    {
        if (maxEntries is < 1 or > 100_000_000)
        {
            throw new InvalidProgramGraphException(
                $"A lookup join with a cache of {maxEntries} keys: from 1 to 100,000,000 are possible. Without " +
                ".WithCache(...) nothing is kept.");
        }

        if (expireAfterWrite < TimeSpan.FromMilliseconds(1) || expireAfterWrite > TimeSpan.FromDays(10_000))
        {
            throw new InvalidProgramGraphException(
                $"A lookup join with a cache whose rows expire after {expireAfterWrite}: from 1 ms to 10,000 days " +
                "are possible, or null for never.");
        }

        return new(_left, _wait, _lookup with { Cache = new(maxEntries, expireAfterWrite, cacheMisses) });
    }

    /// <summary>Looks up again what failed.</summary>
    public LookupJoin<TLeft, TKey, TRow> WithRetry(AsyncRetryStrategy<TRow> retry)
    {
        ArgumentNullException.ThrowIfNull(retry);
        return new(_left, _wait, _lookup with { Retry = retry });
    }

    /// <summary>Results come as their rows are found, between two watermarks in any order. Default: in the order of the
    /// records.</summary>
    public LookupJoin<TLeft, TKey, TRow> Unordered() => new(_left, _wait with { IsOrdered = false }, _lookup);

    /// <summary>One result for each record and row of its key; none for a record without rows.</summary>
    public DataStream<TOut> Apply<TOut>(Func<TLeft, TRow, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<DelegateJoin<TLeft, TRow, TOut>, TOut>(new DelegateJoin<TLeft, TRow, TOut>(function));
    }

    /// <summary>One result for each record and row of its key, by a function object.</summary>
    public DataStream<TOut> Apply<TOut>(IJoinFunction<TLeft, TRow, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<IJoinFunction<TLeft, TRow, TOut>, TOut>(function);
    }

    /// <summary>One result for each record and row of its key, by a struct that is inlined.</summary>
    public DataStream<TOut> Apply<TFunction, TOut>(TFunction function)
        where TFunction : IJoinFunction<TLeft, TRow, TOut> =>
        Add<TFunction, TOut>("LookupJoin", function, withoutRows: false);

    /// <summary>One result for each record and row of its key; one with the row's default, which is null for classes,
    /// for a record without rows.</summary>
    public DataStream<TOut> ApplyLeft<TOut>(Func<TLeft, TRow?, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<DelegateJoin<TLeft, TRow, TOut>, TOut>(
            "LeftLookupJoin", new DelegateJoin<TLeft, TRow, TOut>(function), withoutRows: true);
    }

    /// <summary>One result for each record and row of its key, and one with the row's default for a record without
    /// rows, by a function object.</summary>
    public DataStream<TOut> ApplyLeft<TOut>(IJoinFunction<TLeft, TRow?, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<IJoinFunction<TLeft, TRow, TOut>, TOut>(
            "LeftLookupJoin", (IJoinFunction<TLeft, TRow, TOut>)function, withoutRows: true);
    }

    private DataStream<TOut> Add<TFunction, TOut>(string kind, TFunction function, bool withoutRows)
        where TFunction : IJoinFunction<TLeft, TRow, TOut> =>
        _left.Environment.Add(new AsyncTransformation<TLeft, TOut>(
            kind, _left.Transformation, _wait, factory => factory.LookupJoin(_lookup, function, withoutRows)));
}
