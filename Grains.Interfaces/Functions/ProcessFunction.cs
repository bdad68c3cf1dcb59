using Millrace.DataStream;

namespace Millrace.Functions;

/// <summary>One record in, any number out, with the record's time and side outputs at hand.</summary>
/// <remarks>On the subtask's loop; must not block. A function object belongs to one subtask attempt.</remarks>
/// <typeparam name="TIn">The type of the records that come in.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public abstract class ProcessFunction<TIn, TOut> : IRichFunction
{
    /// <inheritdoc/>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <inheritdoc/>
    public virtual void Close()
    {
    }

    /// <summary>Handles one record.</summary>
    /// <param name="value">The record.</param>
    /// <param name="context">What belongs to it; valid during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public abstract void ProcessElement(TIn value, Context context, ICollector<TOut> output);

    /// <summary>What belongs to the record at work.</summary>
    public abstract class Context
    {
        internal Context()
        {
        }

        /// <summary>The record's time in milliseconds since 1970-01-01 UTC; null when it has none.</summary>
        public abstract long? Timestamp { get; }

        /// <summary>No earlier record will come; <see cref="long.MinValue"/> before the first watermark.</summary>
        public abstract long CurrentWatermark { get; }

        /// <summary>The time of the clock, in milliseconds since 1970-01-01 UTC.</summary>
        public abstract long CurrentProcessingTime { get; }

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }
}
