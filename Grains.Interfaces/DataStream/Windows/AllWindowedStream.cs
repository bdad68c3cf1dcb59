using System.Numerics;
using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.Windowing;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.DataStream.Windows;

/// <summary>A stream whose records are put together by windows, all in one subtask. Where there is a key, windows by
/// key use all subtasks.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
/// <typeparam name="TWindow">The type of the windows.</typeparam>
public sealed class AllWindowedStream<T, TWindow>
    where TWindow : struct, IWindow
{
    private readonly WindowedStream<T, NoKey, TWindow> _windows;

    internal AllWindowedStream(WindowedStream<T, NoKey, TWindow> windows) => _windows = windows;

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.Trigger(Trigger)"/>
    public AllWindowedStream<T, TWindow> Trigger(Trigger trigger) => new(_windows.Trigger(trigger));

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.Trigger(Trigger{T, TWindow})"/>
    public AllWindowedStream<T, TWindow> Trigger(Trigger<T, TWindow> trigger) => new(_windows.Trigger(trigger));

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.Evictor(Evictor)"/>
    public AllWindowedStream<T, TWindow> Evictor(Evictor evictor) => new(_windows.Evictor(evictor));

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.Evictor(Evictor{T})"/>
    public AllWindowedStream<T, TWindow> Evictor(Evictor<T> evictor) => new(_windows.Evictor(evictor));

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.AllowedLateness"/>
    public AllWindowedStream<T, TWindow> AllowedLateness(TimeSpan lateness) => new(_windows.AllowedLateness(lateness));

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.SideOutputLateData"/>
    public AllWindowedStream<T, TWindow> SideOutputLateData(OutputTag<T> tag) => new(_windows.SideOutputLateData(tag));

    /// <summary>Counts the records of each window.</summary>
    public DataStream<Keyed<TWindow, long>> Count() =>
        Fold<long, CountWindowFold<T>>("WindowCount", default);

    /// <summary>Adds up a number per window; integers wrap around as unchecked addition does.</summary>
    public DataStream<Keyed<TWindow, TNumber>> Sum<TNumber>(Func<T, TNumber> selector)
        where TNumber : INumber<TNumber>
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<TNumber, SumWindowFold<T, TNumber>>("WindowSum", new SumWindowFold<T, TNumber>(selector));
    }

    /// <summary>The least value per window, by the type's default order.</summary>
    public DataStream<Keyed<TWindow, TValue>> Min<TValue>(Func<T, TValue> selector) =>
        Extreme("WindowMin", selector, greatest: false);

    /// <summary>The greatest value per window, by the type's default order.</summary>
    public DataStream<Keyed<TWindow, TValue>> Max<TValue>(Func<T, TValue> selector) =>
        Extreme("WindowMax", selector, greatest: true);

    /// <summary>The record with the least value per window; the earlier one where they are equal.</summary>
    public DataStream<T> MinBy<TValue>(Func<T, TValue> selector) => _windows.MinBy(selector).SetParallelism(1);

    /// <summary>The record with the greatest value per window; the earlier one where they are equal.</summary>
    public DataStream<T> MaxBy<TValue>(Func<T, TValue> selector) => _windows.MaxBy(selector).SetParallelism(1);

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.Reduce(Func{T, T, T})"/>
    public DataStream<T> Reduce(Func<T, T, T> function) => _windows.Reduce(function).SetParallelism(1);

    /// <summary>Combines the records of each window, by a function object.</summary>
    public DataStream<T> Reduce(IReduceFunction<T> function) => _windows.Reduce(function).SetParallelism(1);

    /// <summary>Combines the records of each window, and makes a result of what they come to.</summary>
    /// <param name="function">Takes what was combined so far and a further record; must be associative and not change
    /// either.</param>
    /// <param name="result">Takes the window and what its records come to.</param>
    public DataStream<TOut> Reduce<TOut>(Func<T, T, T> function, Func<TWindow, T, TOut> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return _windows.Reduce(function, (_, window, value) => result(window, value)).SetParallelism(1);
    }

    /// <summary>Combines the records of each window, and gives what they come to to a function.</summary>
    public DataStream<TOut> Reduce<TOut>(
        IReduceFunction<T> function, ProcessAllWindowFunction<T, TOut, TWindow> windowFunction)
    {
        ArgumentNullException.ThrowIfNull(windowFunction);
        return _windows.Reduce(function, new AllWindowFunction<T, TOut, TWindow>(windowFunction)).SetParallelism(1);
    }

    /// <inheritdoc cref="WindowedStream{T, TKey, TWindow}.Aggregate{TAccumulator, TOut}"/>
    public DataStream<TOut> Aggregate<TAccumulator, TOut>(IAggregateFunction<T, TAccumulator, TOut> function) =>
        _windows.Aggregate(function).SetParallelism(1);

    /// <summary>Adds the records of each window up in an accumulator, and makes a result of what they come
    /// to.</summary>
    /// <param name="function">Adds the records up.</param>
    /// <param name="result">Takes the window and the result of the aggregate function.</param>
    public DataStream<TOut> Aggregate<TAccumulator, TValue, TOut>(
        IAggregateFunction<T, TAccumulator, TValue> function, Func<TWindow, TValue, TOut> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return _windows.Aggregate(function, (_, window, value) => result(window, value)).SetParallelism(1);
    }

    /// <summary>Adds the records of each window up in an accumulator, and gives what they come to to a
    /// function.</summary>
    public DataStream<TOut> Aggregate<TAccumulator, TValue, TOut>(
        IAggregateFunction<T, TAccumulator, TValue> function,
        ProcessAllWindowFunction<TValue, TOut, TWindow> windowFunction)
    {
        ArgumentNullException.ThrowIfNull(windowFunction);
        return _windows.Aggregate(function, new AllWindowFunction<TValue, TOut, TWindow>(windowFunction))
            .SetParallelism(1);
    }

    /// <summary>Makes a sequence of all records of each window.</summary>
    /// <param name="function">Takes the window and its records, in the order they came.</param>
    public DataStream<TOut> Apply<TOut>(Func<TWindow, IEnumerable<T>, IEnumerable<TOut>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _windows.Apply((_, window, elements) => function(window, elements)).SetParallelism(1);
    }

    /// <summary>Gives all records of each window to a function.</summary>
    public DataStream<TOut> Process<TOut>(ProcessAllWindowFunction<T, TOut, TWindow> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _windows.Process(new AllWindowFunction<T, TOut, TWindow>(function)).SetParallelism(1);
    }

    private DataStream<Keyed<TWindow, TValue>> Extreme<TValue>(string name, Func<T, TValue> selector, bool greatest)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<TValue, ExtremeWindowFold<T, TValue>>(
            name, new ExtremeWindowFold<T, TValue>(selector, greatest));
    }

    private DataStream<Keyed<TWindow, TValue>> Fold<TValue, TFold>(string name, TFold fold)
        where TFold : struct, IWindowFold<T, TValue> =>
        _windows.Fold<TValue, Keyed<TWindow, TValue>, TFold, AllWindowedResult<TWindow, TValue>>(name, fold, default)
            .SetParallelism(1);
}
