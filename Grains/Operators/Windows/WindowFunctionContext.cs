using Millrace.DataStream;
using Millrace.Functions;
using Millrace.State;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>The window at work, as its function sees it.</summary>
/// <param name="frame">The window at work.</param>
/// <param name="isMerging">Whether windows become one, and so have no state of their own.</param>
/// <param name="operatorName">For errors.</param>
internal sealed class WindowFunctionContext<TKey, TIn, TOut, TWindow>(
    WindowFrame<TKey, TOut, TWindow> frame, bool isMerging, string operatorName)
    : ProcessWindowFunction<TIn, TOut, TKey, TWindow>.Context
    where TWindow : struct, IWindow
{
    private readonly ScopedStates _window = new(frame.WindowStates);

    public override TWindow Window => frame.Window;

    public override long CurrentWatermark => frame.Timers.Watermark;

    public override long CurrentProcessingTime => frame.Timers.Now;

    public override WindowStates WindowState => isMerging
        ? throw new InvalidStateUseException(
            $"The function of '{operatorName}' asks for state of its window, but windows that merge have none: use " +
            "GlobalState.")
        : _window;

    public override WindowStates GlobalState { get; } = new ScopedStates(frame.KeyStates);

    public override void Output<T>(OutputTag<T> tag, T value) => frame.Sides.Emit(tag, value);
}
