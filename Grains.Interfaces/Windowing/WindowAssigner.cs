using Millrace.Functions;
using Millrace.Windowing.Triggers;

namespace Millrace.Windowing;

/// <summary>Says which windows a record belongs to, by its time alone.</summary>
/// <remarks>On the subtask's loop; must not block, keeps nothing between two records.</remarks>
/// <typeparam name="TWindow">The type of the windows.</typeparam>
public abstract class WindowAssigner<TWindow>
    where TWindow : struct, IWindow
{
    /// <summary>Whether windows follow the timestamps of records; else the clock.</summary>
    public abstract bool IsEventTime { get; }

    /// <summary>When windows fire if the program does not say.</summary>
    public abstract Trigger DefaultTrigger { get; }

    /// <summary>What it does, with its sizes: two programs are the same only if this is.</summary>
    public virtual string Description => GetType().Name;

    /// <summary>Whether windows of one key become one when <see cref="TryMerge"/> says so.</summary>
    public virtual bool IsMerging => false;

    /// <summary>How it cuts time into pieces, where it does.</summary>
    internal virtual TimeSlices? Slices => null;

    /// <summary>The gap that ends a session, in milliseconds; 0 for everything but sessions.</summary>
    internal virtual long Gap => 0;

    /// <summary>Gives the windows of a record.</summary>
    /// <param name="timestamp">The record's time, or that of the clock, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="windows">Takes them.</param>
    public abstract void AssignWindows(long timestamp, ICollector<TWindow> windows);

    /// <summary>Makes one window of two that belong together.</summary>
    /// <returns>False when they are to stay apart.</returns>
    public virtual bool TryMerge(TWindow left, TWindow right, out TWindow merged)
    {
        merged = default;
        return false;
    }
}

/// <summary>Says which windows a record belongs to, by the record and its time.</summary>
/// <inheritdoc cref="WindowAssigner{TWindow}"/>
public abstract class WindowAssigner<T, TWindow>
    where TWindow : struct, IWindow
{
    /// <inheritdoc cref="WindowAssigner{TWindow}.IsEventTime"/>
    public abstract bool IsEventTime { get; }

    /// <inheritdoc cref="WindowAssigner{TWindow}.DefaultTrigger"/>
    public abstract Trigger DefaultTrigger { get; }

    /// <inheritdoc cref="WindowAssigner{TWindow}.Description"/>
    public virtual string Description => GetType().Name;

    /// <inheritdoc cref="WindowAssigner{TWindow}.IsMerging"/>
    public virtual bool IsMerging => false;

    /// <inheritdoc cref="WindowAssigner{TWindow}.Slices"/>
    internal virtual TimeSlices? Slices => null;

    /// <summary>The gap that ends a session after each record, in milliseconds; null for everything but
    /// sessions.</summary>
    internal virtual Func<T, long>? GapOf => null;

    /// <summary>The gap where it is the same for all records; else 0.</summary>
    internal virtual long Gap => 0;

    /// <summary>Gives the windows of a record.</summary>
    /// <param name="element">The record.</param>
    /// <param name="timestamp">Its time, or that of the clock, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="windows">Takes them.</param>
    public abstract void AssignWindows(T element, long timestamp, ICollector<TWindow> windows);

    /// <inheritdoc cref="WindowAssigner{TWindow}.TryMerge"/>
    public virtual bool TryMerge(TWindow left, TWindow right, out TWindow merged)
    {
        merged = default;
        return false;
    }
}
