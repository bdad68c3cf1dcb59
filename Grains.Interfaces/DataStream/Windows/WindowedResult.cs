using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.Windowing;

namespace Millrace.DataStream.Windows;

/// <summary>What was folded, with its key and window.</summary>
internal readonly struct WindowedResult<TKey, TWindow, TValue>
    : IWindowResult<TKey, TWindow, TValue, Windowed<TKey, TWindow, TValue>>
{
    public Windowed<TKey, TWindow, TValue> Of(in TKey key, in TWindow window, in TValue accumulator) =>
        new(key, window, accumulator);
}

/// <summary>What was folded, with its window, where there is no key.</summary>
internal readonly struct AllWindowedResult<TWindow, TValue>
    : IWindowResult<NoKey, TWindow, TValue, Keyed<TWindow, TValue>>
{
    public Keyed<TWindow, TValue> Of(in NoKey key, in TWindow window, in TValue accumulator) =>
        new(window, accumulator);
}

/// <summary>What was folded, alone.</summary>
internal readonly struct FoldedResult<TKey, TWindow, TValue> : IWindowResult<TKey, TWindow, TValue, TValue>
{
    public TValue Of(in TKey key, in TWindow window, in TValue accumulator) => accumulator;
}

/// <summary>What was folded, in a function with its key and window.</summary>
internal readonly struct MappedResult<TKey, TWindow, TValue, TOut>(Func<TKey, TWindow, TValue, TOut> function)
    : IWindowResult<TKey, TWindow, TValue, TOut>
{
    public TOut Of(in TKey key, in TWindow window, in TValue accumulator) => function(key, window, accumulator);
}

/// <summary>The result of an aggregate function.</summary>
internal readonly struct AggregateResult<TIn, TKey, TWindow, TAccumulator, TOut>(
    IAggregateFunction<TIn, TAccumulator, TOut> aggregate)
    : IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    public TOut Of(in TKey key, in TWindow window, in TAccumulator accumulator) => aggregate.GetResult(accumulator);
}

/// <summary>The result of an aggregate function, in a function with its key and window.</summary>
internal readonly struct MappedAggregateResult<TIn, TKey, TWindow, TAccumulator, TValue, TOut>(
    IAggregateFunction<TIn, TAccumulator, TValue> aggregate, Func<TKey, TWindow, TValue, TOut> function)
    : IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    public TOut Of(in TKey key, in TWindow window, in TAccumulator accumulator) =>
        function(key, window, aggregate.GetResult(accumulator));
}
