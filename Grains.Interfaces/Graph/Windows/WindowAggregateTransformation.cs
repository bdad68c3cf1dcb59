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
    : Transformation<TOut>(name, input)
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    private readonly string _kind = name;

    public Func<TIn, TKey> KeySelector { get; } = keySelector;

    public WindowSettings<TIn, TWindow> Windows { get; } = windows;

    public TFold Fold { get; } = fold;

    public TResult Result { get; } = result;

    internal override string Kind => _kind;

    internal override bool HasSideOutputs => true;

    internal override int? ParallelismLimit => typeof(TKey) == typeof(NoKey) ? 1 : null;

    internal override string? StateDescription =>
        $"{Fold.Description} by {typeof(TKey)} in {typeof(TAccumulator)}, {Windows.Description}";

    internal override IEnumerable<Type> RecordTypes =>
        [typeof(TOut), typeof(TKey), typeof(TAccumulator), typeof(TWindow)];

    internal override bool GivesTimestamps(bool inputs)
    {
        Windows.Require(Name, inputs);
        return true;
    }

    internal override void Accept(IOperatorFactory factory) => factory.WindowAggregate(this);
}
