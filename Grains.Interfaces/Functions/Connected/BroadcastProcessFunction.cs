using Millrace.DataStream;
using Millrace.State;

namespace Millrace.Functions.Connected;

/// <summary>Records of a stream in, together with those of a broadcast stream that every subtask gets; any number of a
/// third type out.</summary>
/// <remarks>
/// On the subtask's loop; must not block. A function object belongs to one subtask attempt. What the broadcast stream
/// says is kept in broadcast state: each subtask has a copy of its own, and they stay the same because all of them make
/// the same changes, from the same records. <see cref="ProcessBroadcastElement"/> must therefore do the same to the
/// state in every subtask, whatever order broadcast records come in; what it emits is emitted once by each
/// subtask.
/// </remarks>
/// <typeparam name="TIn">The type of the records of the stream.</typeparam>
/// <typeparam name="TBroadcast">The type of the records of the broadcast stream.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public abstract class BroadcastProcessFunction<TIn, TBroadcast, TOut> : IRichFunction
{
    /// <inheritdoc/>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <inheritdoc/>
    public virtual void Close()
    {
    }

    /// <summary>Handles one record of the stream, which goes to one subtask. Broadcast state can be read, and not be
    /// changed.</summary>
    /// <param name="value">The record.</param>
    /// <param name="context">What belongs to it; valid during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public abstract void ProcessElement(TIn value, ReadOnlyContext context, ICollector<TOut> output);

    /// <summary>Handles one record of the broadcast stream, as every subtask does.</summary>
    /// <inheritdoc cref="ProcessElement"/>
    public abstract void ProcessBroadcastElement(TBroadcast value, Context context, ICollector<TOut> output);

    /// <summary>What belongs to the record at work, of either stream.</summary>
    public abstract class UnitContext
    {
        internal UnitContext()
        {
        }

        /// <summary>The record's time in milliseconds since 1970-01-01 UTC; null when it has none.</summary>
        public abstract long? Timestamp { get; }

        /// <summary>No earlier record will come on either stream; <see cref="long.MinValue"/> before that is known of
        /// both.</summary>
        public abstract long CurrentWatermark { get; }

        /// <summary>The time of the clock, in milliseconds since 1970-01-01 UTC.</summary>
        public abstract long CurrentProcessingTime { get; }

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }

    /// <summary>What belongs to a record of the stream.</summary>
    public abstract class ReadOnlyContext : UnitContext
    {
        internal ReadOnlyContext()
        {
        }

        /// <summary>The subtask's copy of a broadcast state.</summary>
        /// <exception cref="InvalidStateUseException">The broadcast stream does not declare it, or with other
        /// types.</exception>
        public abstract IReadOnlyBroadcastState<TKey, TValue> GetBroadcastState<TKey, TValue>(
            MapStateDescriptor<TKey, TValue> descriptor)
            where TKey : notnull;
    }

    /// <summary>What belongs to a record of the broadcast stream.</summary>
    public abstract class Context : UnitContext
    {
        internal Context()
        {
        }

        /// <summary>The subtask's copy of a broadcast state, to be changed as every subtask changes it.</summary>
        /// <exception cref="InvalidStateUseException">The broadcast stream does not declare it, or with other
        /// types.</exception>
        public abstract IBroadcastState<TKey, TValue> GetBroadcastState<TKey, TValue>(
            MapStateDescriptor<TKey, TValue> descriptor)
            where TKey : notnull;
    }
}
