using Millrace.Functions;
using Millrace.Windowing;

namespace Millrace.DataStream.Windows;

/// <summary>A delegate as the function of windows.</summary>
internal sealed class ApplyFunction<TIn, TOut, TKey, TWindow>(
    Func<TKey, TWindow, IEnumerable<TIn>, IEnumerable<TOut>> function)
    : ProcessWindowFunction<TIn, TOut, TKey, TWindow>
    where TWindow : struct, IWindow
{
    public override void Process(TKey key, Context context, IEnumerable<TIn> elements, ICollector<TOut> output)
    {
        foreach (TOut result in function(key, context.Window, elements))
        {
            output.Emit(result);
        }
    }
}
