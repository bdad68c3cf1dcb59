using System.Numerics;
using Millrace.DataStream.Connected;
using Millrace.DataStream.Folds;
using Millrace.DataStream.StateByKey;
using Millrace.DataStream.Windows;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Processing;
using Millrace.Graph.Windows;
using Millrace.Joins;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.DataStream;

/// <summary>A stream partitioned by a key.</summary>
/// <remarks>Aggregates are rolling: in streaming mode each record emits the key's new result, in batch mode each key
/// emits once, at the end of the input (<see cref="RuntimeMode"/>).</remarks>
public sealed class KeyedStream<T, TKey> : DataStream<T>
{
    internal KeyedStream(
        StreamExecutionEnvironment environment, Transformation<T> transformation, Func<T, TKey> keySelector)
        : base(environment, transformation) => KeySelector = keySelector;

    internal Func<T, TKey> KeySelector { get; }

    /// <summary>Counts the records of each key.</summary>
    public DataStream<Keyed<TKey, long>> Count() =>
        Fold<long, Keyed<TKey, long>, CountFold<TKey, T>>("Count", default);

    /// <summary>Adds up a number per key; integers wrap around as unchecked addition does.</summary>
    /// <param name="selector">Takes the number out of a record. On the subtask's loop; must not block.</param>
    public DataStream<Keyed<TKey, TNumber>> Sum<TNumber>(Func<T, TNumber> selector)
        where TNumber : INumber<TNumber>
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<TNumber, Keyed<TKey, TNumber>, SumFold<TKey, T, TNumber, DelegateMap<T, TNumber>>>(
            "Sum", new(new DelegateMap<T, TNumber>(selector)));
    }

    /// <summary>The least value per key, by the type's own order; texts by their code units (ordinal).</summary>
    /// <param name="selector">Takes the value out of a record. On the subtask's loop; must not block.</param>
    public DataStream<Keyed<TKey, TValue>> Min<TValue>(Func<T, TValue> selector) =>
        Extreme("Min", selector, greatest: false);

    /// <summary>The greatest value per key, by the type's own order; texts by their code units (ordinal).</summary>
    /// <param name="selector">Takes the value out of a record. On the subtask's loop; must not block.</param>
    public DataStream<Keyed<TKey, TValue>> Max<TValue>(Func<T, TValue> selector) =>
        Extreme("Max", selector, greatest: true);

    /// <summary>The record with the least value per key; the earlier one where they are equal.</summary>
    /// <param name="selector">Takes the value out of a record. On the subtask's loop; must not block.</param>
    public DataStream<T> MinBy<TValue>(Func<T, TValue> selector) => ExtremeRecord("MinBy", selector, greatest: false);

    /// <summary>The record with the greatest value per key; the earlier one where they are equal.</summary>
    /// <param name="selector">Takes the value out of a record. On the subtask's loop; must not block.</param>
    public DataStream<T> MaxBy<TValue>(Func<T, TValue> selector) => ExtremeRecord("MaxBy", selector, greatest: true);

    /// <summary>Combines the records of each key, pair by pair.</summary>
    /// <param name="function">Takes what was combined so far and the next record; must not change either.</param>
    public DataStream<T> Reduce(Func<T, T, T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Reduce<DelegateReduce<T>>(new DelegateReduce<T>(function));
    }

    /// <summary>Combines the records of each key, by a function object.</summary>
    public DataStream<T> Reduce(IReduceFunction<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Reduce<IReduceFunction<T>>(function);
    }

    /// <summary>Combines the records of each key, by a struct that is inlined into the loop over a batch.</summary>
    public DataStream<T> Reduce<TFunction>(TFunction function)
        where TFunction : IReduceFunction<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        return Fold<T, T, ReduceFold<TKey, T, TFunction>>("Reduce", new ReduceFold<TKey, T, TFunction>(function));
    }

    /// <summary>Turns each record into any number of others, with state and timers of its key.</summary>
    public DataStream<TOut> Process<TOut>(KeyedProcessFunction<TKey, T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Environment.Add(new KeyedProcessTransformation<TKey, T, TOut>(Transformation, KeySelector, function));
    }

    /// <summary>Turns each record into another, by a function object. One that is an <see cref="IRichFunction"/> may
    /// have state of the record's key.</summary>
    public new DataStream<TOut> Map<TOut>(IMapFunction<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return function is IRichFunction
            ? WithState("KeyedMap", new KeyedMap<TKey, T, TOut>(function))
            : base.Map(function);
    }

    /// <summary>Keeps the records for which the function says true. A function object that is an <see
    /// cref="IRichFunction"/> may have state of the record's key; a struct is inlined into the loop over a batch, and
    /// has none.</summary>
    public new DataStream<T> Filter<TFunction>(TFunction function)
        where TFunction : IFilterFunction<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        return !typeof(TFunction).IsValueType && function is IRichFunction
            ? WithState("KeyedFilter", new KeyedFilter<TKey, T>(function))
            : base.Filter<TFunction>(function);
    }

    /// <summary>Turns each record into any number of others, by a function object with a collector. One that is an
    /// <see cref="IRichFunction"/> may have state of the record's key.</summary>
    public new DataStream<TOut> FlatMap<TOut>(IFlatMapFunction<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return function is IRichFunction
            ? WithState("KeyedFlatMap", new KeyedFlatMap<TKey, T, TOut>(function))
            : base.FlatMap(function);
    }

    /// <summary>This stream and another with keys of the same type, to go into one operator: records of one key
    /// meet.</summary>
    public KeyedConnectedStreams<T, TOther, TKey> Connect<TOther>(KeyedStream<TOther, TKey> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new KeyedConnectedStreams<T, TOther, TKey>(this, other);
    }

    /// <summary>This stream and one that every subtask gets in full, to go into one operator.</summary>
    public new KeyedBroadcastConnectedStream<T, TBroadcast, TKey> Connect<TBroadcast>(
        BroadcastStream<TBroadcast> broadcast)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        return new KeyedBroadcastConnectedStream<T, TBroadcast, TKey>(this, broadcast);
    }

    /// <summary>Puts the records of each key together by windows that follow from their times.</summary>
    /// <param name="assigner">Says which windows a record belongs to.</param>
    public WindowedStream<T, TKey, TWindow> Window<TWindow>(WindowAssigner<TWindow> assigner)
        where TWindow : struct, IWindow
    {
        ArgumentNullException.ThrowIfNull(assigner);
        return Window(new TimedAssigner<T, TWindow>(assigner));
    }

    /// <summary>Puts the records of each key together by windows that follow from the records.</summary>
    /// <param name="assigner">Says which windows a record belongs to.</param>
    public WindowedStream<T, TKey, TWindow> Window<TWindow>(WindowAssigner<T, TWindow> assigner)
        where TWindow : struct, IWindow
    {
        ArgumentNullException.ThrowIfNull(assigner);
        return new WindowedStream<T, TKey, TWindow>(
            Environment, Transformation, KeySelector, new WindowSettings<T, TWindow>(assigner));
    }

    /// <summary>Records of this stream and another that join by key and by the distance of their times.</summary>
    public IntervalJoin<T, TOther, TKey> IntervalJoin<TOther>(KeyedStream<TOther, TKey> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new IntervalJoin<T, TOther, TKey>(this, other);
    }

    /// <summary>Records of this stream, each with the version of its key that is valid at its time.</summary>
    /// <param name="versions">A version for each record, valid from its time on.</param>
    public TemporalJoin<T, TVersion, TKey> TemporalJoin<TVersion>(KeyedStream<TVersion, TKey> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        return new TemporalJoin<T, TVersion, TKey>(this, versions, new TemporalJoinSides<T>());
    }

    /// <summary>Puts each number of records of a key together.</summary>
    /// <param name="size">From 1.</param>
    public WindowedStream<T, TKey, GlobalWindow> CountWindow(long size) =>
        Window(GlobalWindows.Create()).Trigger(PurgingTrigger.Of(CountTrigger.Of(size)));

    /// <summary>Puts the last records of a key together, whenever some have come.</summary>
    /// <param name="size">Most records of a window, from 1.</param>
    /// <param name="slide">Records from one window to the next, from 1.</param>
    public WindowedStream<T, TKey, GlobalWindow> CountWindow(int size, long slide) =>
        Window(GlobalWindows.Create()).Evictor(CountEvictor.Of(size)).Trigger(CountTrigger.Of(slide));

    private DataStream<TOut> WithState<TOut>(string kind, KeyedProcessFunction<TKey, T, TOut> function) =>
        Environment.Add(new KeyedProcessTransformation<TKey, T, TOut>(Transformation, KeySelector, function, kind)
        {
            MayHaveSideOutputs = false,
        });

    private DataStream<Keyed<TKey, TValue>> Extreme<TValue>(string name, Func<T, TValue> selector, bool greatest)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<TValue, Keyed<TKey, TValue>, ExtremeFold<TKey, T, TValue, DelegateMap<T, TValue>>>(
            name, new(new DelegateMap<T, TValue>(selector), greatest));
    }

    private DataStream<T> ExtremeRecord<TValue>(string name, Func<T, TValue> selector, bool greatest)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return Fold<T, T, ExtremeRecordFold<TKey, T, TValue, DelegateMap<T, TValue>>>(
            name, new(new DelegateMap<T, TValue>(selector), greatest));
    }

    private DataStream<TOut> Fold<TAccumulator, TOut, TFold>(string name, TFold fold)
        where TFold : IKeyedFold<TKey, T, TAccumulator, TOut> =>
        Environment.Add(new KeyedFoldTransformation<TKey, T, TAccumulator, TOut, TFold>(
            name, Transformation, KeySelector, fold));
}
