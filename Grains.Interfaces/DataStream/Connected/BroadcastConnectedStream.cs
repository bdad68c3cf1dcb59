using Millrace.Functions.Connected;
using Millrace.Graph.Connecting;

namespace Millrace.DataStream.Connected;

/// <summary>A stream and a broadcast stream that go into one operator.</summary>
public sealed class BroadcastConnectedStream<TIn, TBroadcast>
{
    private readonly DataStream<TIn> _records;
    private readonly BroadcastStream<TBroadcast> _broadcast;

    internal BroadcastConnectedStream(DataStream<TIn> records, BroadcastStream<TBroadcast> broadcast)
    {
        _records = records;
        _broadcast = broadcast;
    }

    /// <summary>Turns each record into any number of a common type, with what the broadcast stream has said so far at
    /// hand. Streaming mode gives no order between both: the function keeps records until it knows what it
    /// needs, or goes by what it knows.</summary>
    public DataStream<TOut> Process<TOut>(BroadcastProcessFunction<TIn, TBroadcast, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _records.Environment.Add(new TwoInputTransformation<TIn, TBroadcast, TOut>(
            "BroadcastProcess",
            _records.Transformation,
            _broadcast.Transformation,
            factory => factory.BroadcastProcess(function, _broadcast.States))
        {
            BroadcastInput = 1,
            BroadcastStates = _broadcast.States,
            MayHaveSideOutputs = true,
        });
    }
}
