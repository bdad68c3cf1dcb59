using Millrace.Failures;
using Millrace.Graph.Windows;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>Chooses the operator for windows.</summary>
internal static class WindowOperators
{
    // With more slices in a window, or more slices than windows are worth, records are better put into each window.
    private const long MostSlices = 1_024;

    /// <summary>The operator that folds the records of windows.</summary>
    public static StreamOperator<TIn> Of<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
        WindowAggregateTransformation<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult> transformation,
        WindowOperatorParts<TKey, TOut> parts)
        where TWindow : struct, IWindow
        where TFold : struct, IWindowFold<TIn, TAccumulator>
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
    {
        WindowSettings<TIn, TWindow> windows = transformation.Windows;
        if (windows.FiresOnce && windows.Assigner.Slices is { } slices && AreShared(slices))
        {
            return new SliceWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
                transformation, parts);
        }

        if (windows.FiresOnce && (windows.Assigner.Gap > 0 || windows.Assigner.GapOf is not null))
        {
            return new SessionWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
                transformation, parts);
        }

        throw new InvalidProgramGraphException($"'{transformation.Name}': {windows.Description} is not supported yet.");
    }

    private static bool AreShared(TimeSlices slices) =>
        slices.Slide <= slices.Size && slices.Size / slices.Slice <= MostSlices;
}
