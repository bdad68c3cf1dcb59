using Millrace.Functions;
using Millrace.Windowing;

namespace Millrace.Graph.Windows;

/// <summary>A function that sees all records of a window together.</summary>
internal sealed class WindowProcessTransformation<TKey, TIn, TOut, TWindow>(
    string name,
    Transformation<TIn> input,
    Func<TIn, TKey> keySelector,
    WindowSettings<TIn, TWindow> windows,
    ProcessWindowFunction<TIn, TOut, TKey, TWindow> function)
    : WindowTransformation<TKey, TIn, TOut>(name, input, keySelector)
    where TWindow : struct, IWindow
{
    public WindowSettings<TIn, TWindow> Windows { get; } = windows;

    public ProcessWindowFunction<TIn, TOut, TKey, TWindow> Function { get; } = function;

    internal override string? StateDescription => $"records by {typeof(TKey)}, {Windows.Description}";

    internal override IEnumerable<Type> RecordTypes => [typeof(TOut), typeof(TKey), typeof(TWindow), typeof(TIn)];

    internal override IEnumerable<(string Id, Type Type)> OwnSideOutputs => Windows.SideOutputs;

    internal override void RequireInputs(StreamNode node) => Windows.Require(node);

    internal override void Accept(IWindowFactory<TKey, TIn, TOut> factory) => factory.Process(this);
}
