using Millrace.DataStream;
using Millrace.Windowing;

namespace Millrace.Functions;

/// <summary>All records of a window of a stream without keys in, any number out.</summary>
/// <remarks>On the subtask's loop; must not block. A function object belongs to one subtask attempt and serves all
/// windows of that.</remarks>
/// <typeparam name="TIn">The type of the records of the window.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
/// <typeparam name="TWindow">The type of the windows.</typeparam>
public abstract class ProcessAllWindowFunction<TIn, TOut, TWindow> : IRichFunction
    where TWindow : struct, IWindow
{
    /// <summary>Before the first record.</summary>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <inheritdoc/>
    public virtual void Close()
    {
    }

    /// <summary>A window fires.</summary>
    /// <param name="context">What belongs to the window; valid during the call only.</param>
    /// <param name="elements">Its records, in the order they came, or the one result of an aggregate; valid during the
    /// call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    public abstract void Process(
        Context context, IEnumerable<TIn> elements, ICollector<TOut> output);

    /// <summary>A window goes: clears its <see cref="Context.WindowState"/>.</summary>
    /// <param name="context">What belongs to the window; valid during the call only.</param>
    public virtual void Clear(Context context)
    {
    }

    /// <summary>What belongs to the window at work.</summary>
    public abstract class Context
    {
        internal Context()
        {
        }

        /// <summary>The window.</summary>
        public abstract TWindow Window { get; }

        /// <summary>No record with this timestamp or an earlier one will come; <see cref="long.MinValue"/> before the
        /// first watermark.</summary>
        public abstract long CurrentWatermark { get; }

        /// <summary>The clock, in milliseconds since 1970-01-01 UTC.</summary>
        public abstract long CurrentProcessingTime { get; }

        /// <summary>State of the window; to be cleared in <see cref="Clear"/>. Windows that merge have
        /// none.</summary>
        public abstract WindowStates WindowState { get; }

        /// <summary>State whichever window is at work.</summary>
        public abstract WindowStates GlobalState { get; }

        /// <summary>Emits a record to a side output. Nothing happens when the program does not use that.</summary>
        /// <exception cref="InvalidOperationException">The program uses the tag's id with another type.</exception>
        public abstract void Output<T>(OutputTag<T> tag, T value);
    }
}
