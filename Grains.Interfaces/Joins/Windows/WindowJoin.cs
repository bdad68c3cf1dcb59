using Millrace.DataStream;
using Millrace.Windowing;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.Joins.Windows;

/// <summary>Two streams whose records join by key and window: each of the first stream with each of the second. The
/// join is inner.</summary>
/// <remarks>A result has the last point of time of its window as its timestamp; a pair that is in several windows comes
/// once for each. All records of a window are kept until it goes.</remarks>
public sealed class WindowJoin<TLeft, TRight, TKey, TWindow>
    where TWindow : struct, IWindow
{
    private readonly WindowCoGroup<TLeft, TRight, TKey, TWindow> _groups;

    internal WindowJoin(WindowCoGroup<TLeft, TRight, TKey, TWindow> groups) => _groups = groups;

    /// <inheritdoc cref="WindowCoGroup{TLeft, TRight, TKey, TWindow}.Trigger"/>
    public WindowJoin<TLeft, TRight, TKey, TWindow> Trigger(Trigger trigger) => new(_groups.Trigger(trigger));

    /// <inheritdoc cref="WindowCoGroup{TLeft, TRight, TKey, TWindow}.Evictor"/>
    public WindowJoin<TLeft, TRight, TKey, TWindow> Evictor(Evictor evictor) => new(_groups.Evictor(evictor));

    /// <inheritdoc cref="WindowCoGroup{TLeft, TRight, TKey, TWindow}.AllowedLateness"/>
    public WindowJoin<TLeft, TRight, TKey, TWindow> AllowedLateness(TimeSpan lateness) =>
        new(_groups.AllowedLateness(lateness));

    /// <summary>One result for each pair.</summary>
    public DataStream<TOut> Apply<TOut>(Func<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<DelegateJoin<TLeft, TRight, TOut>, TOut>(new DelegateJoin<TLeft, TRight, TOut>(function));
    }

    /// <summary>One result for each pair, by a function object.</summary>
    public DataStream<TOut> Apply<TOut>(IJoinFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<IJoinFunction<TLeft, TRight, TOut>, TOut>(function);
    }

    /// <summary>One result for each pair, by a struct that is inlined into the loop.</summary>
    public DataStream<TOut> Apply<TFunction, TOut>(TFunction function)
        where TFunction : IJoinFunction<TLeft, TRight, TOut> =>
        _groups.Apply<JoinOfGroups<TLeft, TRight, TOut, TFunction>, TOut>(new(function));

    /// <summary>Any number of results for each pair.</summary>
    public DataStream<TOut> Apply<TOut>(IFlatJoinFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _groups.Apply(new FlatJoinOfGroups<TLeft, TRight, TOut>(function));
    }
}
