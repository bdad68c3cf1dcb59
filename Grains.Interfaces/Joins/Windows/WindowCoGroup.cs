using Millrace.DataStream;
using Millrace.DataStream.Windows;
using Millrace.Windowing;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.Joins.Windows;

/// <summary>Two streams whose records are put together by key and window, also where only one of them has
/// some.</summary>
/// <remarks>A result has the last point of time of its window as its timestamp. All records of a window are kept until
/// it goes.</remarks>
public sealed class WindowCoGroup<TLeft, TRight, TKey, TWindow>
    where TWindow : struct, IWindow
{
    private readonly string _name;
    private readonly WindowedStream<JoinSide<TLeft, TRight>, TKey, TWindow> _windows;

    internal WindowCoGroup(string name, WindowedStream<JoinSide<TLeft, TRight>, TKey, TWindow> windows)
    {
        _name = name;
        _windows = windows;
    }

    /// <summary>Fires windows when a trigger says so, in place of the one that belongs to them.</summary>
    public WindowCoGroup<TLeft, TRight, TKey, TWindow> Trigger(Trigger trigger) =>
        new(_name, _windows.Trigger(trigger));

    /// <summary>Removes records from windows when they fire, those of both streams by one count.</summary>
    public WindowCoGroup<TLeft, TRight, TKey, TWindow> Evictor(Evictor evictor) =>
        new(_name, _windows.Evictor(evictor));

    /// <summary>Keeps windows for a while behind their end: a record that comes late for one fires it again, with all
    /// of its records.</summary>
    /// <param name="lateness">How long, of event time; from zero, in whole milliseconds.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">It is out of range.</exception>
    public WindowCoGroup<TLeft, TRight, TKey, TWindow> AllowedLateness(TimeSpan lateness) =>
        new(_name, _windows.AllowedLateness(lateness));

    /// <summary>Makes a sequence of what both streams have.</summary>
    /// <param name="function">Takes the records of the first stream and of the second, in the order they came; valid
    /// until the sequence ends.</param>
    public DataStream<TOut> Apply<TOut>(
        Func<IReadOnlyList<TLeft>, IReadOnlyList<TRight>, IEnumerable<TOut>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply(new DelegateCoGroup<TLeft, TRight, TOut>(function));
    }

    /// <summary>Makes any number of results of what both streams have.</summary>
    public DataStream<TOut> Apply<TOut>(ICoGroupFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<ICoGroupFunction<TLeft, TRight, TOut>, TOut>(function);
    }

    internal DataStream<TOut> Apply<TFunction, TOut>(TFunction function)
        where TFunction : ICoGroupFunction<TLeft, TRight, TOut> => _windows.Process(
        _name, new CoGroupWindowFunction<TLeft, TRight, TOut, TKey, TWindow, TFunction>(function));
}
