using Millrace.DataStream.Windows;
using Millrace.Windowing;

namespace Millrace.Graph.Windows;

/// <summary>One result for each window of a key, of an accumulator that takes records as they come.</summary>
internal sealed class WindowAggregateTransformation<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
    string name,
    Transformation<TIn> input,
    Func<TIn, TKey> keySelector,
    WindowSettings<TIn, TWindow> windows,
    TFold fold,
    TResult result)
    : WindowTransformation<TKey, TIn, TOut>(name, input, keySelector)
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    private readonly Transformation<TIn> _input = input;

    public WindowSettings<TIn, TWindow> Windows { get; } = windows;

    public TFold Fold { get; } = fold;

    public TResult Result { get; } = result;

    internal override string? StateDescription =>
        $"{Fold.Description} by {typeof(TKey)} in {typeof(TAccumulator)}, {Windows.Description}";

    internal override IEnumerable<Type> RecordTypes =>
        [typeof(TOut), typeof(TKey), typeof(TWindow), Windows.Evictor is null ? typeof(TAccumulator) : typeof(TIn)];

    /// <summary>The same, of all records when a window fires.</summary>
    public WindowProcessTransformation<TKey, TIn, TOut, TWindow> OverElements() => new(
        Name,
        _input,
        KeySelector,
        Windows,
        new FoldElements<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(Fold, Result));

    internal override IEnumerable<(string Id, Type Type)> OwnSideOutputs => Windows.SideOutputs;

    internal override void RequireInputs(StreamNode node) => Windows.Require(node);

    internal override void Accept(IWindowFactory<TKey, TIn, TOut> factory) => factory.Aggregate(this);
}
