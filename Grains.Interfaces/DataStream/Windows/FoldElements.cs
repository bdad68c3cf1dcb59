using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.Windowing;

namespace Millrace.DataStream.Windows;

/// <summary>Folds the records of a window when it fires: with an evictor, nobody knows before which they are.</summary>
internal sealed class FoldElements<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(TFold fold, TResult result)
    : ProcessWindowFunction<TIn, TOut, TKey, TWindow>, ICheckpointedFunction
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
#pragma warning disable IDE0044 // The fold may change itself: of a readonly field, copies would be called.
    private TFold _fold = fold;
#pragma warning restore IDE0044

    public override void Open(RuntimeContext context) => _fold.Open(context);

    public void SnapshotState() => _fold.PrepareSnapshot();

    public override void Close() => _fold.Close();

    public override void Process(TKey key, Context context, IEnumerable<TIn> elements, ICollector<TOut> output)
    {
        using IEnumerator<TIn> element = elements.GetEnumerator();
        if (!element.MoveNext())
        {
            return;
        }

        TIn record = element.Current;
        TAccumulator accumulator = _fold.First(in record);
        while (element.MoveNext())
        {
            record = element.Current;
            _fold.Add(ref accumulator, in record);
        }

        output.Emit(result.Of(in key, context.Window, in accumulator));
    }
}
