using Millrace.Functions.Connected;
using Millrace.Graph.Connecting;

namespace Millrace.DataStream.Connected;

/// <summary>Two streams with keys of one type that go into one operator: records of one key meet in one subtask, and
/// share the key's state and timers.</summary>
public sealed class KeyedConnectedStreams<TLeft, TRight, TKey>
{
    private readonly KeyedStream<TLeft, TKey> _left;
    private readonly KeyedStream<TRight, TKey> _right;

    internal KeyedConnectedStreams(KeyedStream<TLeft, TKey> left, KeyedStream<TRight, TKey> right)
    {
        _left = left;
        _right = right;
    }

    /// <summary>Turns each record into one of a common type.</summary>
    public DataStream<TOut> Map<TOut>(Func<TLeft, TOut> left, Func<TRight, TOut> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Map(new DelegateCoMap<TLeft, TRight, TOut>(left, right));
    }

    /// <summary>Turns each record into one of a common type, by a function object that may have state by key.</summary>
    public DataStream<TOut> Map<TOut>(ICoMapFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>("KeyedCoMap", (keys, factory) => factory.KeyedCoMap(keys, function));
    }

    /// <summary>Turns each record into any number of a common type, by a function object that may have state by
    /// key.</summary>
    public DataStream<TOut> FlatMap<TOut>(ICoFlatMapFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>("KeyedCoFlatMap", (keys, factory) => factory.KeyedCoFlatMap(keys, function));
    }

    /// <summary>Turns each record into any number of a common type, with state and timers of its key.</summary>
    public DataStream<TOut> Process<TOut>(KeyedCoProcessFunction<TKey, TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>(
            "KeyedCoProcess", (keys, factory) => factory.KeyedCoProcess(keys, function), hasSideOutputs: true);
    }

    private DataStream<TOut> Add<TOut>(
        string kind,
        Action<CoKeys<TLeft, TRight, TKey>, ITwoInputFactory<TLeft, TRight, TOut>> build,
        bool hasSideOutputs = false)
    {
        var keys = new CoKeys<TLeft, TRight, TKey>(_left.KeySelector, _right.KeySelector);
        return _left.Environment.Add(new TwoInputTransformation<TLeft, TRight, TOut>(
            kind, _left.Transformation, _right.Transformation, factory => build(keys, factory))
        {
            MayHaveSideOutputs = hasSideOutputs,
            State = $"state and timers by {typeof(TKey)}",
            StateTypes = [typeof(TKey)],
        });
    }
}
