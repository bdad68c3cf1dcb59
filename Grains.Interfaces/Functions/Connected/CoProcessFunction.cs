using Millrace.DataStream;

namespace Millrace.Functions.Connected;

/// <summary>Records of two streams in, any number of a third type out, with the record's time and side outputs at
/// hand.</summary>
/// <remarks>On the subtask's loop; must not block. A function object belongs to one subtask attempt.</remarks>
/// <typeparam name="TLeft">The type of the records of the first stream.</typeparam>
/// <typeparam name="TRight">The type of the records of the second stream.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public abstract class CoProcessFunction<TLeft, TRight, TOut> : IRichFunction
{
    /// <inheritdoc/>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <inheritdoc/>
    public virtual void Close()
    {
    }

    /// <summary>Handles one record of the first stream.</summary>
    /// <param name="value">The record.</param>
    /// <param name="context">What belongs to it; valid during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public abstract void ProcessLeft(TLeft value, Context context, ICollector<TOut> output);

    /// <summary>Handles one record of the second stream.</summary>
    /// <inheritdoc cref="ProcessLeft"/>
    public abstract void ProcessRight(TRight value, Context context, ICollector<TOut> output);

    /// <summary>What belongs to the record at work.</summary>
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

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }
}
