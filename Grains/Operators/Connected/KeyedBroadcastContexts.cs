using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Outputs;
using Millrace.State;

namespace Millrace.Operators.Connected;

/// <summary>What a keyed broadcast function is handed with a record or timer: one object of each kind, used again.
/// Belongs to one loop.</summary>
internal sealed class KeyedBroadcastContexts<TKey, TIn, TBroadcast, TOut>(
    KeyedStateBackend<TKey> state, ITimerService timers, BroadcastStates broadcast, SideOutputs sides)
{
    private readonly RecordContext _record = new(state, timers, broadcast, sides);
    private readonly TimerContext _timer = new(state, timers, broadcast, sides);
    private readonly BroadcastContext _broadcast = new(state, timers, broadcast, sides);

    /// <summary>For a record of the keyed stream.</summary>
    public KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut>.ReadOnlyContext Record(long? timestamp)
    {
        _record.At = timestamp;
        return _record;
    }

    /// <summary>For a timer.</summary>
    public KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut>.OnTimerContext Timer(TimeDomain domain, long time)
    {
        _timer.Begin(domain, domain == TimeDomain.EventTime ? time : null);
        return _timer;
    }

    /// <summary>For a record of the broadcast stream.</summary>
    public KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut>.Context Broadcast(long? timestamp)
    {
        _broadcast.At = timestamp;
        return _broadcast;
    }

    private sealed class RecordContext(
        KeyedStateBackend<TKey> state, ITimerService timers, BroadcastStates broadcast, SideOutputs sides)
        : KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut>.ReadOnlyContext
    {
        public long? At { get; set; }

        public override TKey CurrentKey => state.CurrentKey;

        public override long? Timestamp => At;

        public override ITimerService TimerService => timers;

        public override IReadOnlyBroadcastState<TMapKey, TValue> GetBroadcastState<TMapKey, TValue>(
            MapStateDescriptor<TMapKey, TValue> descriptor) => broadcast.Get(descriptor);

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }

    private sealed class TimerContext(
        KeyedStateBackend<TKey> state, ITimerService timers, BroadcastStates broadcast, SideOutputs sides)
        : KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut>.OnTimerContext
    {
        private long? _timestamp;
        private TimeDomain _domain;

        public override TKey CurrentKey => state.CurrentKey;

        public override long? Timestamp => _timestamp;

        public override ITimerService TimerService => timers;

        public override TimeDomain TimeDomain => _domain;

        public void Begin(TimeDomain domain, long? timestamp)
        {
            _domain = domain;
            _timestamp = timestamp;
        }

        public override IReadOnlyBroadcastState<TMapKey, TValue> GetBroadcastState<TMapKey, TValue>(
            MapStateDescriptor<TMapKey, TValue> descriptor) => broadcast.Get(descriptor);

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }

    private sealed class BroadcastContext(
        KeyedStateBackend<TKey> state, ITimerService timers, BroadcastStates broadcast, SideOutputs sides)
        : KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut>.Context
    {
        public long? At { get; set; }

        public override long? Timestamp => At;

        public override long CurrentWatermark => timers.CurrentWatermark;

        public override long CurrentProcessingTime => timers.CurrentProcessingTime;

        public override IBroadcastState<TMapKey, TValue> GetBroadcastState<TMapKey, TValue>(
            MapStateDescriptor<TMapKey, TValue> descriptor) => broadcast.Get(descriptor);

        public override void ApplyToKeyedState<T>(
            ValueStateDescriptor<T> descriptor, Action<TKey, IValueState<T>> function) =>
            ForEachKey(descriptor, state.Keyed.Get(descriptor), function);

        public override void ApplyToKeyedState<T>(
            ListStateDescriptor<T> descriptor, Action<TKey, IListState<T>> function) =>
            ForEachKey(descriptor, state.Keyed.Get(descriptor), function);

        public override void ApplyToKeyedState<TMapKey, TValue>(
            MapStateDescriptor<TMapKey, TValue> descriptor, Action<TKey, IMapState<TMapKey, TValue>> function) =>
            ForEachKey(descriptor, state.Keyed.Get(descriptor), function);

        public override void ApplyToKeyedState<T>(
            ReducingStateDescriptor<T> descriptor, Action<TKey, IReducingState<T>> function) =>
            ForEachKey(descriptor, state.Keyed.Get(descriptor), function);

        public override void ApplyToKeyedState<TAdd, TAccumulator, TResult>(
            AggregatingStateDescriptor<TAdd, TAccumulator, TResult> descriptor,
            Action<TKey, IAggregatingState<TAdd, TResult>> function) =>
            ForEachKey(descriptor, state.Keyed.Get(descriptor), function);

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);

        // The keys are taken out first: the function may clear the state, which moves others in the table.
        private void ForEachKey<TState>(StateDescriptor descriptor, TState keyed, Action<TKey, TState> function)
        {
            ArgumentNullException.ThrowIfNull(function);
            foreach (TKey key in state.KeysOf(descriptor.Name))
            {
                state.SetKey(in key, state.Hasher.Hash(in key));
                function(key, keyed);
            }

            state.ClearKey();
        }
    }
}
