using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Outputs;
using Millrace.State;

namespace Millrace.Operators.Connected;

/// <summary>A process function of a stream and a broadcast stream, without keys.</summary>
internal readonly struct BroadcastStep<TIn, TBroadcast, TOut>(
    BroadcastProcessFunction<TIn, TBroadcast, TOut> function,
    BroadcastStates states,
    TimeProvider time,
    SideOutputs sides)
    : ICoStep<TIn, TBroadcast, TOut>
{
    private readonly RecordContext _record = new(states, time, sides);
    private readonly BroadcastContext _broadcast = new(states, time, sides);

    public void Open(RuntimeContext context)
    {
        states.Open();
        function.Open(context);
    }

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(function);

    public void Close() => function.Close();

    public void Left(TIn record, long? timestamp, UnitCollector<TOut> output)
    {
        _record.At = timestamp;
        states.IsReadOnly = true;
        function.ProcessElement(record, _record, output);
        states.IsReadOnly = false;
    }

    public void Right(TBroadcast record, long? timestamp, UnitCollector<TOut> output)
    {
        _broadcast.At = timestamp;
        function.ProcessBroadcastElement(record, _broadcast, output);
    }

    public void Advance(long watermark)
    {
        _record.Watermark = watermark;
        _broadcast.Watermark = watermark;
    }

    public void OnTimer(long time, TimeDomain domain, UnitCollector<TOut> output)
    {
        // Without keys there are no timers.
    }

    private sealed class RecordContext(BroadcastStates states, TimeProvider time, SideOutputs sides)
        : BroadcastProcessFunction<TIn, TBroadcast, TOut>.ReadOnlyContext
    {
        public long? At { get; set; }

        public long Watermark { get; set; } = long.MinValue;

        public override long? Timestamp => At;

        public override long CurrentWatermark => Watermark;

        public override long CurrentProcessingTime => time.GetUtcNow().ToUnixTimeMilliseconds();

        public override IReadOnlyBroadcastState<TKey, TValue> GetBroadcastState<TKey, TValue>(
            MapStateDescriptor<TKey, TValue> descriptor) => states.Get(descriptor);

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }

    private sealed class BroadcastContext(BroadcastStates states, TimeProvider time, SideOutputs sides)
        : BroadcastProcessFunction<TIn, TBroadcast, TOut>.Context
    {
        public long? At { get; set; }

        public long Watermark { get; set; } = long.MinValue;

        public override long? Timestamp => At;

        public override long CurrentWatermark => Watermark;

        public override long CurrentProcessingTime => time.GetUtcNow().ToUnixTimeMilliseconds();

        public override IBroadcastState<TKey, TValue> GetBroadcastState<TKey, TValue>(
            MapStateDescriptor<TKey, TValue> descriptor) => states.Get(descriptor);

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }
}
