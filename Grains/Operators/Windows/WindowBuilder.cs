using Millrace.Graph.Windows;
using Millrace.Operators.Windows.Contents;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>Chooses the operator for windows, and builds it.</summary>
#pragma warning disable CA1001 // What it builds is its chain's.
internal sealed class WindowBuilder<TKey, TIn, TOut>(WindowOperatorParts<TKey, TOut> parts)
    : IWindowFactory<TKey, TIn, TOut>
#pragma warning restore CA1001
{
    // With more slices in a window, or more slices than windows are worth, records are better put into each window.
    private const long MostSlices = 1_024;

    private StreamOperator<TIn>? _built;

    /// <summary>What was built.</summary>
    public StreamOperator<TIn> Built =>
        _built ?? throw new InvalidOperationException("Windows have not said which operator they are.");

    public void Aggregate<TAccumulator, TWindow, TFold, TResult>(
        WindowAggregateTransformation<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult> transformation)
        where TWindow : struct, IWindow
        where TFold : struct, IWindowFold<TIn, TAccumulator>
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
    {
        WindowSettings<TIn, TWindow> windows = transformation.Windows;
        if (windows.FiresOnce && windows.Assigner.Slices is { } slices && AreShared(slices))
        {
            _built = new SliceWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
                transformation, parts);
        }
        else if (windows.FiresOnce && (windows.Assigner.Gap > 0 || windows.Assigner.GapOf is not null))
        {
            _built = new SessionWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
                transformation, parts);
        }
        else if (windows.Evictor is not null)
        {
            // It is not known before the window fires which records count: all are kept.
            Process(transformation.OverElements());
        }
        else
        {
            Build(
                transformation,
                windows,
                new ResultContents<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
                    transformation.Fold, transformation.Result));
        }
    }

    public void Process<TWindow>(WindowProcessTransformation<TKey, TIn, TOut, TWindow> transformation)
        where TWindow : struct, IWindow => Build(
        transformation,
        transformation.Windows,
        transformation.Windows.Evictor is { } evictor
            ? new EvictedContents<TKey, TIn, TOut, TWindow>(transformation, evictor)
            : new ListContents<TKey, TIn, TOut, TWindow>(transformation));

    public void FoldProcess<TAccumulator, TValue, TWindow, TFold, TResult>(
        WindowFoldProcessTransformation<TKey, TIn, TAccumulator, TValue, TOut, TWindow, TFold, TResult> transformation)
        where TWindow : struct, IWindow
        where TFold : struct, IWindowFold<TIn, TAccumulator>
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TValue> => Build(
        transformation,
        transformation.Windows,
        new FoldFunctionContents<TKey, TIn, TAccumulator, TValue, TOut, TWindow, TFold, TResult>(transformation));

    private static bool AreShared(TimeSlices slices) =>
        slices.Slide <= slices.Size && slices.Size / slices.Slice <= MostSlices;

    private void Build<TWindow>(
        WindowTransformation<TKey, TIn, TOut> transformation,
        WindowSettings<TIn, TWindow> windows,
        WindowContents<TKey, TIn, TOut, TWindow> contents)
        where TWindow : struct, IWindow => _built = new WindowOperator<TKey, TIn, TOut, TWindow>(
        transformation.Name, transformation.KeySelector, windows, contents, parts);
}
