using Millrace.DataStream;
using Millrace.State;

namespace Millrace.Functions.Connected;

/// <summary>Records of a keyed stream in, with state and timers of their key, together with those of a broadcast stream
/// that every subtask gets; any number of a third type out.</summary>
/// <remarks>
/// On the subtask's loop; must not block. A function object belongs to one subtask attempt and serves all keys of that:
/// what it keeps for a key is state, not a field. What the broadcast stream says is kept in broadcast state: each
/// subtask has a copy of its own, and they stay the same because all of them make the same changes, from the same
/// records. <see cref="ProcessBroadcastElement"/> must therefore do the same to the state in every subtask, whatever
/// order broadcast records come in; what it emits is emitted once by each subtask.
/// </remarks>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TIn">The type of the records of the keyed stream.</typeparam>
/// <typeparam name="TBroadcast">The type of the records of the broadcast stream.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public abstract class KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut> : IRichFunction
{
    /// <summary>Before the first record: the place to ask for state by key.</summary>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <inheritdoc/>
    public virtual void Close()
    {
    }

    /// <summary>Handles one record of the keyed stream, which goes to the subtask of its key. Broadcast state can be
    /// read, and not be changed.</summary>
    /// <param name="value">The record.</param>
    /// <param name="context">What belongs to it; valid during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public abstract void ProcessElement(TIn value, ReadOnlyContext context, ICollector<TOut> output);

    /// <summary>Handles one record of the broadcast stream, as every subtask does. No key is at work: state by key is
    /// reached by <see cref="Context.ApplyToKeyedState{T}(ValueStateDescriptor{T}, Action{TKey, IValueState{T}})"/>
    /// and its like.</summary>
    /// <inheritdoc cref="ProcessElement"/>
    public abstract void ProcessBroadcastElement(TBroadcast value, Context context, ICollector<TOut> output);

    /// <summary>A timer of a key is due. The key's state is at hand, and broadcast state can be read.</summary>
    /// <param name="timestamp">The time it was registered for.</param>
    /// <param name="context">What belongs to it; valid during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public virtual void OnTimer(long timestamp, OnTimerContext context, ICollector<TOut> output)
    {
    }

    /// <summary>What belongs to a record of the keyed stream, or to a timer.</summary>
    public abstract class ReadOnlyContext
    {
        internal ReadOnlyContext()
        {
        }

        /// <summary>The key at work.</summary>
        public abstract TKey CurrentKey { get; }

        /// <summary>The record's time, or that of an event-time timer, in milliseconds since 1970-01-01 UTC; null when
        /// there is none.</summary>
        public abstract long? Timestamp { get; }

        /// <summary>Time, and timers for the key at work.</summary>
        public abstract ITimerService TimerService { get; }

        /// <summary>The subtask's copy of a broadcast state.</summary>
        /// <exception cref="InvalidStateUseException">The broadcast stream does not declare it, or with other
        /// types.</exception>
        public abstract IReadOnlyBroadcastState<TMapKey, TValue> GetBroadcastState<TMapKey, TValue>(
            MapStateDescriptor<TMapKey, TValue> descriptor)
            where TMapKey : notnull;

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }

    /// <summary>What belongs to the timer at work.</summary>
    public abstract class OnTimerContext : ReadOnlyContext
    {
        internal OnTimerContext()
        {
        }

        /// <summary>Which time the timer follows.</summary>
        public abstract TimeDomain TimeDomain { get; }
    }

    /// <summary>What belongs to a record of the broadcast stream.</summary>
    /// <remarks>Each <c>ApplyToKeyedState</c> calls a function for every key of this subtask that has the state, in no
    /// particular order, with that key's state at hand; it may change and clear it. All subtasks together reach every
    /// key once. It takes as long as there are keys, and nothing else is done meanwhile. The state is asked for as in
    /// <see cref="RuntimeContext"/>, with the same errors.</remarks>
    public abstract class Context
    {
        internal Context()
        {
        }

        /// <summary>The record's time in milliseconds since 1970-01-01 UTC; null when it has none.</summary>
        public abstract long? Timestamp { get; }

        /// <summary>No earlier record will come on either stream; <see cref="long.MinValue"/> before that is known of
        /// both.</summary>
        public abstract long CurrentWatermark { get; }

        /// <summary>The time of the clock, in milliseconds since 1970-01-01 UTC.</summary>
        public abstract long CurrentProcessingTime { get; }

        /// <summary>The subtask's copy of a broadcast state, to be changed as every subtask changes it.</summary>
        /// <exception cref="InvalidStateUseException">The broadcast stream does not declare it, or with other
        /// types.</exception>
        public abstract IBroadcastState<TMapKey, TValue> GetBroadcastState<TMapKey, TValue>(
            MapStateDescriptor<TMapKey, TValue> descriptor)
            where TMapKey : notnull;

        /// <summary>Calls a function for every key that has the state.</summary>
        public abstract void ApplyToKeyedState<T>(
            ValueStateDescriptor<T> descriptor, Action<TKey, IValueState<T>> function);

        /// <summary>Calls a function for every key that has the state.</summary>
        public abstract void ApplyToKeyedState<T>(
            ListStateDescriptor<T> descriptor, Action<TKey, IListState<T>> function);

        /// <summary>Calls a function for every key that has the state.</summary>
        public abstract void ApplyToKeyedState<TMapKey, TValue>(
            MapStateDescriptor<TMapKey, TValue> descriptor, Action<TKey, IMapState<TMapKey, TValue>> function)
            where TMapKey : notnull;

        /// <summary>Calls a function for every key that has the state.</summary>
        public abstract void ApplyToKeyedState<T>(
            ReducingStateDescriptor<T> descriptor, Action<TKey, IReducingState<T>> function);

        /// <summary>Calls a function for every key that has the state.</summary>
        public abstract void ApplyToKeyedState<TAdd, TAccumulator, TResult>(
            AggregatingStateDescriptor<TAdd, TAccumulator, TResult> descriptor,
            Action<TKey, IAggregatingState<TAdd, TResult>> function);

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }
}
