using Millrace.DataStream;

namespace Millrace.Functions.Connected;

/// <summary>Records of two streams with a common key in, any number of a third type out. State and timers belong to the
/// key, whichever stream the record at work is of.</summary>
/// <remarks>On the subtask's loop; must not block. A function object belongs to one subtask attempt and serves all
/// keys of that: what it keeps for a key is state, not a field.</remarks>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TLeft">The type of the records of the first stream.</typeparam>
/// <typeparam name="TRight">The type of the records of the second stream.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public abstract class KeyedCoProcessFunction<TKey, TLeft, TRight, TOut> : IRichFunction
{
    /// <summary>Before the first record: the place to ask for state.</summary>
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

    /// <summary>A timer of a key is due. The key's state is at hand.</summary>
    /// <param name="timestamp">The time it was registered for.</param>
    /// <param name="context">What belongs to it; valid during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public virtual void OnTimer(long timestamp, OnTimerContext context, ICollector<TOut> output)
    {
    }

    /// <summary>What belongs to the record or timer at work.</summary>
    public abstract class Context
    {
        internal Context()
        {
        }

        /// <summary>The key at work.</summary>
        public abstract TKey CurrentKey { get; }

        /// <summary>The record's time, or that of an event-time timer, in milliseconds since 1970-01-01 UTC; null when
        /// there is none.</summary>
        public abstract long? Timestamp { get; }

        /// <summary>Time, and timers for the key at work.</summary>
        public abstract ITimerService TimerService { get; }

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }

    /// <summary>What belongs to the timer at work.</summary>
    public abstract class OnTimerContext : Context
    {
        internal OnTimerContext()
        {
        }

        /// <summary>Which time the timer follows.</summary>
        public abstract TimeDomain TimeDomain { get; }
    }
}
