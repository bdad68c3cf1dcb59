using Millrace.Functions.Connected;
using Millrace.Graph.Connecting;

namespace Millrace.DataStream.Connected;

/// <summary>A keyed stream and a broadcast stream that go into one operator.</summary>
public sealed class KeyedBroadcastConnectedStream<TIn, TBroadcast, TKey>
{
    private readonly KeyedStream<TIn, TKey> _records;
    private readonly BroadcastStream<TBroadcast> _broadcast;

    internal KeyedBroadcastConnectedStream(KeyedStream<TIn, TKey> records, BroadcastStream<TBroadcast> broadcast)
    {
        _records = records;
        _broadcast = broadcast;
    }

    /// <summary>Turns each record into any number of a common type, with state and timers of its key, and with what the
    /// broadcast stream has said so far at hand. Streaming mode gives no order between both: the function keeps
    /// records until it knows what it needs, or goes by what it knows.</summary>
    public DataStream<TOut> Process<TOut>(KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _records.Environment.Add(new TwoInputTransformation<TIn, TBroadcast, TOut>(
            "KeyedBroadcastProcess",
            _records.Transformation,
            _broadcast.Transformation,
            factory => factory.KeyedBroadcastProcess(_records.KeySelector, function, _broadcast.States))
        {
            BroadcastInput = 1,
            BroadcastStates = _broadcast.States,
            MayHaveSideOutputs = true,
            State = $"state and timers by {typeof(TKey)}",
            StateTypes = [typeof(TKey)],
        });
    }
}
