using Millrace.DataStream;
using Millrace.Functions;

namespace Millrace.Joins;

/// <summary>Makes any number of results of a pair of records, with their times and side outputs at hand.</summary>
/// <remarks>On the subtask's loop; must not block. A function object belongs to one subtask attempt.</remarks>
public abstract class ProcessJoinFunction<TLeft, TRight, TOut> : IRichFunction
{
    /// <inheritdoc/>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <inheritdoc/>
    public virtual void Close()
    {
    }

    /// <summary>Handles a pair.</summary>
    /// <param name="left">The record of the first stream.</param>
    /// <param name="right">The record of the second stream.</param>
    /// <param name="context">What belongs to them; valid during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public abstract void ProcessElement(TLeft left, TRight right, Context context, ICollector<TOut> output);

    /// <summary>What belongs to the pair at work.</summary>
    public abstract class Context
    {
        internal Context()
        {
        }

        /// <summary>The first record's time, in milliseconds since 1970-01-01 UTC.</summary>
        public abstract long LeftTimestamp { get; }

        /// <summary>The second record's time, in milliseconds since 1970-01-01 UTC.</summary>
        public abstract long RightTimestamp { get; }

        /// <summary>The time of the results: the later of both.</summary>
        public long Timestamp => Math.Max(LeftTimestamp, RightTimestamp);

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }
}
