using Millrace.Failures;
using Millrace.Functions.Async;
using Millrace.Graph.Async;
using Millrace.Joins;

namespace Millrace.DataStream;

/// <summary>Asks something outside for each record of a stream, without waiting for one answer before the next
/// question.</summary>
/// <remarks>
/// Each subtask has up to <c>capacity</c> records under way; with that many it takes no further input until one is
/// done. A watermark comes behind the results of all records before it. A result has the time of its record.
/// </remarks>
public static class AsyncDataStream
{
    /// <summary>Records under way, where a program does not say how many.</summary>
    public const int DefaultCapacity = 100;

    /// <summary>Results in the order of the records: one that is late holds up those behind it.</summary>
    /// <param name="stream">The records.</param>
    /// <param name="function">Makes the results.</param>
    /// <param name="timeout">How long a record may be under way, over all attempts; then <see
    /// cref="AsyncFunction{TIn,TOut}.OnTimeout"/> decides. More than zero, at most 10,000 days, or <see
    /// cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="capacity">Records under way in each subtask; from 1 to 1,000,000.</param>
    /// <param name="retry">When the function is called again for a record; null for never.</param>
    /// <exception cref="InvalidProgramGraphException">A number lies outside its bounds.</exception>
    public static DataStream<TOut> OrderedWait<T, TOut>(
        this DataStream<T> stream,
        AsyncFunction<T, TOut> function,
        TimeSpan timeout,
        int capacity = DefaultCapacity,
        AsyncRetryStrategy<TOut>? retry = null) =>
        Wait(stream, function, new AsyncWait(IsOrdered: true, timeout, capacity), retry);

    /// <summary>Results in the order of the records, one for each.</summary>
    /// <inheritdoc
    /// cref="OrderedWait{T,TOut}(DataStream{T},AsyncFunction{T,TOut},TimeSpan,int,AsyncRetryStrategy{TOut})"/>
    public static DataStream<TOut> OrderedWait<T, TOut>(
        this DataStream<T> stream,
        Func<T, CancellationToken, ValueTask<TOut>> function,
        TimeSpan timeout,
        int capacity = DefaultCapacity,
        AsyncRetryStrategy<TOut>? retry = null) =>
        OrderedWait(stream, FunctionOf(function), timeout, capacity, retry);

    /// <summary>Results as they come, between two watermarks in any order.</summary>
    /// <inheritdoc
    /// cref="OrderedWait{T,TOut}(DataStream{T},AsyncFunction{T,TOut},TimeSpan,int,AsyncRetryStrategy{TOut})"/>
    public static DataStream<TOut> UnorderedWait<T, TOut>(
        this DataStream<T> stream,
        AsyncFunction<T, TOut> function,
        TimeSpan timeout,
        int capacity = DefaultCapacity,
        AsyncRetryStrategy<TOut>? retry = null) =>
        Wait(stream, function, new AsyncWait(IsOrdered: false, timeout, capacity), retry);

    /// <summary>Results as they come, one for each record, between two watermarks in any order.</summary>
    /// <inheritdoc
    /// cref="OrderedWait{T,TOut}(DataStream{T},AsyncFunction{T,TOut},TimeSpan,int,AsyncRetryStrategy{TOut})"/>
    public static DataStream<TOut> UnorderedWait<T, TOut>(
        this DataStream<T> stream,
        Func<T, CancellationToken, ValueTask<TOut>> function,
        TimeSpan timeout,
        int capacity = DefaultCapacity,
        AsyncRetryStrategy<TOut>? retry = null) =>
        UnorderedWait(stream, FunctionOf(function), timeout, capacity, retry);

    /// <summary>Begins a join of the stream with rows that stand outside, each found by its key.</summary>
    /// <param name="stream">The records.</param>
    /// <param name="keySelector">Takes the key out of a record; a key that is null has no rows.</param>
    /// <param name="function">Finds the rows of a key.</param>
    /// <param name="timeout">How long a record may be under way, over all attempts; then the job fails. More than zero,
    /// at most 10,000 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="capacity">Records under way in each subtask; from 1 to 1,000,000.</param>
    /// <exception cref="InvalidProgramGraphException">A number lies outside its bounds.</exception>
    public static LookupJoin<T, TKey, TRow> LookupJoin<T, TKey, TRow>(
        this DataStream<T> stream,
        Func<T, TKey> keySelector,
        LookupFunction<TKey, TRow> function,
        TimeSpan timeout,
        int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(keySelector);
        ArgumentNullException.ThrowIfNull(function);
        return new LookupJoin<T, TKey, TRow>(
            stream,
            new AsyncWait(IsOrdered: true, timeout, capacity).Require(),
            new LookupSettings<T, TKey, TRow>(keySelector, function));
    }

    /// <summary>Begins a join of the stream with rows that stand outside, at most one for each key.</summary>
    /// <param name="stream">The records.</param>
    /// <param name="keySelector">Takes the key out of a record; a key that is null has no row.</param>
    /// <param name="function">Finds the row of a key; null where there is none.</param>
    /// <param name="timeout">How long a record may be under way, over all attempts; then the job fails. More than zero,
    /// at most 10,000 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="capacity">Records under way in each subtask; from 1 to 1,000,000.</param>
    /// <exception cref="InvalidProgramGraphException">A number lies outside its bounds.</exception>
    public static LookupJoin<T, TKey, TRow> LookupJoin<T, TKey, TRow>(
        this DataStream<T> stream,
        Func<T, TKey> keySelector,
        Func<TKey, CancellationToken, ValueTask<TRow?>> function,
        TimeSpan timeout,
        int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(function);
        return LookupJoin(stream, keySelector, new DelegateLookup<TKey, TRow>(function), timeout, capacity);
    }

    private static DataStream<TOut> Wait<T, TOut>(
        DataStream<T> stream, AsyncFunction<T, TOut> function, AsyncWait wait, AsyncRetryStrategy<TOut>? retry)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(function);
        return stream.Environment.Add(new AsyncTransformation<T, TOut>(
            wait.Kind, stream.Transformation, wait.Require(), factory => factory.Function(function, retry)));
    }

    private static DelegateAsync<T, TOut> FunctionOf<T, TOut>(Func<T, CancellationToken, ValueTask<TOut>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new DelegateAsync<T, TOut>(function);
    }
}
