using Millrace.Windowing;

namespace Millrace.Graph.Windows;

/// <summary>Builds an operator of windows with its exact types.</summary>
internal interface IWindowFactory<TKey, TIn, TOut>
{
    /// <summary>One that folds records as they come.</summary>
    void Aggregate<TAccumulator, TWindow, TFold, TResult>(
        WindowAggregateTransformation<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult> transformation)
        where TWindow : struct, IWindow
        where TFold : struct, IWindowFold<TIn, TAccumulator>
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>;

    /// <summary>One that keeps all records for a function.</summary>
    void Process<TWindow>(WindowProcessTransformation<TKey, TIn, TOut, TWindow> transformation)
        where TWindow : struct, IWindow;

    /// <summary>One that folds records as they come, and gives what they come to to a function.</summary>
    void FoldProcess<TAccumulator, TValue, TWindow, TFold, TResult>(
        WindowFoldProcessTransformation<TKey, TIn, TAccumulator, TValue, TOut, TWindow, TFold, TResult> transformation)
        where TWindow : struct, IWindow
        where TFold : struct, IWindowFold<TIn, TAccumulator>
        where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TValue>;
}
