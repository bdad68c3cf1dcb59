using Millrace.Functions;
using Millrace.Windowing;

namespace Millrace.Graph.Windows;

/// <summary>A function that sees what the records of a window come to, of an accumulator that takes them as they
/// come.</summary>
internal sealed class WindowFoldProcessTransformation<
    TKey, TIn, TAccumulator, TValue, TOut, TWindow, TFold, TResult>(
    WindowAggregateTransformation<TKey, TIn, TAccumulator, TValue, TWindow, TFold, TResult> aggregate,
    Transformation<TIn> input,
    ProcessWindowFunction<TValue, TOut, TKey, TWindow> function)
    : WindowTransformation<TKey, TIn, TOut>(aggregate.Name, input, aggregate.KeySelector)
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TValue>
{
    public WindowSettings<TIn, TWindow> Windows => aggregate.Windows;

    public TFold Fold => aggregate.Fold;

    public TResult Result => aggregate.Result;

    public ProcessWindowFunction<TValue, TOut, TKey, TWindow> Function { get; } = function;

    internal override string? StateDescription => $"{aggregate.StateDescription}, with a function";

    internal override IEnumerable<Type> RecordTypes =>
        [typeof(TOut), typeof(TKey), typeof(TWindow), typeof(TAccumulator)];

    internal override IEnumerable<(string Id, Type Type)> OwnSideOutputs => Windows.SideOutputs;

    internal override void RequireInputs(StreamNode node) => Windows.Require(node);

    internal override void Accept(IWindowFactory<TKey, TIn, TOut> factory) => factory.FoldProcess(this);
}
