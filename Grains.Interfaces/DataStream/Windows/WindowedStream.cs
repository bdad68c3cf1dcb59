using System.Numerics;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Windows;
using Millrace.Windowing;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.DataStream.Windows;

/// <summary>A keyed stream whose records are put together by windows.</summary>
/// <remarks>A result has the last point of time of its window as its timestamp. Results of one window come in no
/// particular order of keys.</remarks>
/// <typeparam name="T">The type of the records.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TWindow">The type of the windows.</typeparam>
public sealed class WindowedStream<T, TKey, TWindow>
    where TWindow : struct, IWindow
{
    private readonly StreamExecutionEnvironment _environment;
    private readonly Transformation<T> _input;
    private readonly Func<T, TKey> _keySelector;
    private readonly WindowSettings<T, TWindow> _windows;

    internal WindowedStream(
        StreamExecutionEnvironment environment,
        Transformation<T> input,
        Func<T, TKey> keySelector,
        WindowSettings<T, TWindow> windows)
    {
        _environment = environment;
        _input = input;
        _keySelector = keySelector;
        _windows = windows;
    }

    /// <summary>Fires windows when a trigger says so, in place of the one that belongs to them.</summary>
    /// <param name="trigger">Looks at time and number of records.</param>
    public WindowedStream<T, TKey, TWindow> Trigger(Trigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        return Trigger(new TimedTrigger<T, TWindow>(trigger));
    }

    /// <summary>Fires windows when a trigger says so, in place of the one that belongs to them.</summary>
    /// <param name="trigger">Looks at the records.</param>
    public WindowedStream<T, TKey, TWindow> Trigger(Trigger<T, TWindow> trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        return With(_windows with { Trigger = trigger });
    }

    /// <summary>Removes records from windows when they fire. All records are kept until then, whatever is made of
    /// them.</summary>
    /// <param name="evictor">Looks at times and number of records.</param>
    public WindowedStream<T, TKey, TWindow> Evictor(Evictor evictor)
    {
        ArgumentNullException.ThrowIfNull(evictor);
        return Evictor(new TimedEvictor<T>(evictor));
    }

    /// <summary>Removes records from windows when they fire. All records are kept until then, whatever is made of
    /// them.</summary>
    /// <param name="evictor">Looks at the records.</param>
    public WindowedStream<T, TKey, TWindow> Evictor(Evictor<T> evictor)
    {
        ArgumentNullException.ThrowIfNull(evictor);
        return With(_windows with { Evictor = evictor });
    }

    /// <summary>Keeps windows for a while behind their end: a record that comes late for one fires it again.</summary>
    /// <param name="lateness">How long, of event time; from zero, in whole milliseconds.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">It is out of range.</exception>
    public WindowedStream<T, TKey, TWindow> AllowedLateness(TimeSpan lateness) => With(_windows with
    {
        Lateness = WindowSpans.LengthOrZero("The allowed lateness of windows", lateness),
    });

    /// <summary>Sends records that come too late for all their windows to a side output, instead of dropping
    /// them.</summary>
    /// <param name="tag">The side output, to be had from the result by <c>GetSideOutput</c>.</param>
    public WindowedStream<T, TKey, TWindow> SideOutputLateData(OutputTag<T> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return With(_windows with { LateTag = tag });
    }

    /// <summary>Counts the records of each window.</summary>
    public DataStream<Windowed<TKey, TWindow, long>> Count() =>
        Fold<long, Windowed<TKey, TWindow, long>, CountWindowFold<T>, WindowedResult<TKey, TWindow, long>>(
            "WindowCount", default, default);

    /// <summary>Adds up a number per window; integers wrap around as unchecked addition does.</summary>
    public DataStream<Windowed<TKey, TWindow, TNumber>> Sum<TNumber>(Func<T, TNumber> selector)
        where TNumber : INumber<TNumber>
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<
            TNumber,
            Windowed<TKey, TWindow, TNumber>,
            SumWindowFold<T, TNumber>,
            WindowedResult<TKey, TWindow, TNumber>>("WindowSum", new SumWindowFold<T, TNumber>(selector), default);
    }

    /// <summary>The least value per window, by the type's default order.</summary>
    public DataStream<Windowed<TKey, TWindow, TValue>> Min<TValue>(Func<T, TValue> selector) =>
        Extreme("WindowMin", selector, greatest: false);

    /// <summary>The greatest value per window, by the type's default order.</summary>
    public DataStream<Windowed<TKey, TWindow, TValue>> Max<TValue>(Func<T, TValue> selector) =>
        Extreme("WindowMax", selector, greatest: true);

    /// <summary>The record with the least value per window; the earlier one where they are equal.</summary>
    public DataStream<T> MinBy<TValue>(Func<T, TValue> selector) =>
        ExtremeRecord("WindowMinBy", selector, greatest: false);

    /// <summary>The record with the greatest value per window; the earlier one where they are equal.</summary>
    public DataStream<T> MaxBy<TValue>(Func<T, TValue> selector) =>
        ExtremeRecord("WindowMaxBy", selector, greatest: true);

    /// <summary>Combines the records of each window, pair by pair.</summary>
    /// <param name="function">Takes what was combined so far and a further record; must be associative and not change
    /// either.</param>
    public DataStream<T> Reduce(Func<T, T, T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Reduce<Folds.DelegateReduce<T>, T, FoldedResult<TKey, TWindow, T>>(new(function), default);
    }

    /// <summary>Combines the records of each window, by a function object.</summary>
    public DataStream<T> Reduce(IReduceFunction<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Reduce<IReduceFunction<T>, T, FoldedResult<TKey, TWindow, T>>(function, default);
    }

    /// <summary>Combines the records of each window, and makes a result of what they come to.</summary>
    /// <param name="function">Takes what was combined so far and a further record; must be associative and not change
    /// either.</param>
    /// <param name="result">Takes the key, the window and what its records come to.</param>
    public DataStream<TOut> Reduce<TOut>(Func<T, T, T> function, Func<TKey, TWindow, T, TOut> result)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(result);
        return Reduce<Folds.DelegateReduce<T>, TOut, MappedResult<TKey, TWindow, T, TOut>>(
            new(function), new(result));
    }

    /// <summary>Adds the records of each window up in an accumulator.</summary>
    public DataStream<TOut> Aggregate<TAccumulator, TOut>(IAggregateFunction<T, TAccumulator, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Aggregate<TAccumulator, TOut, TOut, AggregateResult<T, TKey, TWindow, TAccumulator, TOut>>(
            function, new(function));
    }

    /// <summary>Adds the records of each window up in an accumulator, and makes a result of what they come
    /// to.</summary>
    /// <param name="function">Adds the records up.</param>
    /// <param name="result">Takes the key, the window and the result of the aggregate function.</param>
    public DataStream<TOut> Aggregate<TAccumulator, TValue, TOut>(
        IAggregateFunction<T, TAccumulator, TValue> function, Func<TKey, TWindow, TValue, TOut> result)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(result);
        return Aggregate<
            TAccumulator,
            TValue,
            TOut,
            MappedAggregateResult<T, TKey, TWindow, TAccumulator, TValue, TOut>>(function, new(function, result));
    }

    /// <summary>Combines the records of each window, and gives what they come to to a function.</summary>
    public DataStream<TOut> Reduce<TOut>(
        IReduceFunction<T> function, ProcessWindowFunction<T, TOut, TKey, TWindow> windowFunction)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(windowFunction);
        return FoldThen<T, T, TOut, ReduceWindowFold<T, IReduceFunction<T>>, FoldedResult<TKey, TWindow, T>>(
            "WindowReduce", new(function), default, windowFunction);
    }

    /// <summary>Adds the records of each window up in an accumulator, and gives what they come to to a
    /// function.</summary>
    public DataStream<TOut> Aggregate<TAccumulator, TValue, TOut>(
        IAggregateFunction<T, TAccumulator, TValue> function,
        ProcessWindowFunction<TValue, TOut, TKey, TWindow> windowFunction)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(windowFunction);
        return FoldThen<
            TAccumulator,
            TValue,
            TOut,
            AggregateWindowFold<T, TAccumulator, TValue>,
            AggregateResult<T, TKey, TWindow, TAccumulator, TValue>>(
            "WindowAggregate", new(function), new(function), windowFunction);
    }

    /// <summary>Gives all records of each window to a function. They are kept until the window goes: where an aggregate
    /// will do, it costs less.</summary>
    public DataStream<TOut> Process<TOut>(ProcessWindowFunction<T, TOut, TKey, TWindow> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Process("WindowProcess", function);
    }

    /// <summary>Makes a sequence of all records of each window.</summary>
    /// <param name="function">Takes the key, the window and its records, in the order they came.</param>
    public DataStream<TOut> Apply<TOut>(Func<TKey, TWindow, IEnumerable<T>, IEnumerable<TOut>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Process(new ApplyFunction<T, TOut, TKey, TWindow>(function));
    }

    /// <summary>Gives all records of each window to a function, under a name.</summary>
    internal DataStream<TOut> Process<TOut>(string name, ProcessWindowFunction<T, TOut, TKey, TWindow> function) =>
        _environment.Add(new WindowProcessTransformation<TKey, T, TOut, TWindow>(
            name, _input, _keySelector, _windows, function));

    /// <summary>Folds the records of each window.</summary>
    internal DataStream<TOut> Fold<TAccumulator, TOut, TFold, TResult>(string name, TFold fold, TResult result)
        where TFold : struct, IWindowFold<T, TAccumulator>
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut> =>
        _environment.Add(new WindowAggregateTransformation<TKey, T, TAccumulator, TOut, TWindow, TFold, TResult>(
            name, _input, _keySelector, _windows, fold, result));

    private DataStream<TOut> FoldThen<TAccumulator, TValue, TOut, TFold, TResult>(
        string name, TFold fold, TResult result, ProcessWindowFunction<TValue, TOut, TKey, TWindow> function)
        where TFold : struct, IWindowFold<T, TAccumulator>
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TValue>
    {
        if (_windows.Evictor is not null)
        {
            throw new InvalidProgramGraphException(
                $"'{name}' has an evictor, and a function behind an aggregate: what an evictor removes cannot be " +
                "taken out of an accumulator again. Use Process(...), which sees the records themselves.");
        }

        var aggregate = new WindowAggregateTransformation<TKey, T, TAccumulator, TValue, TWindow, TFold, TResult>(
            name, _input, _keySelector, _windows, fold, result);
        return _environment.Add(
            new WindowFoldProcessTransformation<TKey, T, TAccumulator, TValue, TOut, TWindow, TFold, TResult>(
                aggregate, _input, function));
    }

    private WindowedStream<T, TKey, TWindow> With(WindowSettings<T, TWindow> windows) =>
        new(_environment, _input, _keySelector, windows);

    private DataStream<Windowed<TKey, TWindow, TValue>> Extreme<TValue>(
        string name, Func<T, TValue> selector, bool greatest)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<
            TValue,
            Windowed<TKey, TWindow, TValue>,
            ExtremeWindowFold<T, TValue>,
            WindowedResult<TKey, TWindow, TValue>>(name, new ExtremeWindowFold<T, TValue>(selector, greatest), default);
    }

    private DataStream<T> ExtremeRecord<TValue>(string name, Func<T, TValue> selector, bool greatest)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<T, T, ExtremeRecordWindowFold<T, TValue>, FoldedResult<TKey, TWindow, T>>(
            name, new ExtremeRecordWindowFold<T, TValue>(selector, greatest), default);
    }

    private DataStream<TOut> Reduce<TFunction, TOut, TResult>(TFunction function, TResult result)
        where TFunction : IReduceFunction<T>
        where TResult : struct, IWindowResult<TKey, TWindow, T, TOut> =>
        Fold<T, TOut, ReduceWindowFold<T, TFunction>, TResult>(
            "WindowReduce", new ReduceWindowFold<T, TFunction>(function), result);

    private DataStream<TOut> Aggregate<TAccumulator, TValue, TOut, TResult>(
        IAggregateFunction<T, TAccumulator, TValue> function, TResult result)
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut> =>
        Fold<TAccumulator, TOut, AggregateWindowFold<T, TAccumulator, TValue>, TResult>(
            "WindowAggregate", new AggregateWindowFold<T, TAccumulator, TValue>(function), result);
}
