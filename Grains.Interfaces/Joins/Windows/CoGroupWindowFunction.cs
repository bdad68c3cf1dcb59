using Millrace.Functions;
using Millrace.Windowing;

namespace Millrace.Joins.Windows;

/// <summary>Tells the records of two streams in a window apart, for a function of both.</summary>
internal sealed class CoGroupWindowFunction<TLeft, TRight, TOut, TKey, TWindow, TFunction>(TFunction function)
    : ProcessWindowFunction<JoinSide<TLeft, TRight>, TOut, TKey, TWindow>
    where TWindow : struct, IWindow
    where TFunction : ICoGroupFunction<TLeft, TRight, TOut>
{
    private readonly List<TLeft> _left = [];
    private readonly List<TRight> _right = [];
    private TFunction _function = function;

    public override void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public override void Close() => UserFunction.Close(ref _function);

    public override void Process(
        TKey key, Context context, IEnumerable<JoinSide<TLeft, TRight>> elements, ICollector<TOut> output)
    {
        foreach (JoinSide<TLeft, TRight> side in elements)
        {
            if (side.IsRight)
            {
                _right.Add(side.Right!);
            }
            else
            {
                _left.Add(side.Left!);
            }
        }

        _function.CoGroup(_left, _right, output);
        _left.Clear();
        _right.Clear();
    }
}

/// <summary>A delegate as a function of what two streams have.</summary>
internal sealed class DelegateCoGroup<TLeft, TRight, TOut>(
    Func<IReadOnlyList<TLeft>, IReadOnlyList<TRight>, IEnumerable<TOut>> function)
    : ICoGroupFunction<TLeft, TRight, TOut>
{
    public void CoGroup(IReadOnlyList<TLeft> left, IReadOnlyList<TRight> right, ICollector<TOut> output)
    {
        foreach (TOut result in function(left, right))
        {
            output.Emit(result);
        }
    }
}
