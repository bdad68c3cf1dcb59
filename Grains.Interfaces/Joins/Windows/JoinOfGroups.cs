using Millrace.Functions;

namespace Millrace.Joins.Windows;

/// <summary>One result for each pair of what two streams have.</summary>
internal struct JoinOfGroups<TLeft, TRight, TOut, TFunction>(TFunction function)
    : ICoGroupFunction<TLeft, TRight, TOut>, ICheckpointedFunction
    where TFunction : IJoinFunction<TLeft, TRight, TOut>
{
    private TFunction _function = function;

    public void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public void SnapshotState() => UserFunction.PrepareSnapshot(ref _function);

    public void Close() => UserFunction.Close(ref _function);

    public void CoGroup(IReadOnlyList<TLeft> left, IReadOnlyList<TRight> right, ICollector<TOut> output)
    {
        for (int i = 0; i < left.Count; i++)
        {
            for (int j = 0; j < right.Count; j++)
            {
                output.Emit(_function.Join(left[i], right[j]));
            }
        }
    }
}

/// <summary>Any number of results for each pair of what two streams have.</summary>
internal sealed class FlatJoinOfGroups<TLeft, TRight, TOut>(IFlatJoinFunction<TLeft, TRight, TOut> function)
    : ICoGroupFunction<TLeft, TRight, TOut>, ICheckpointedFunction
{
    public void Open(RuntimeContext context) => UserFunction.Open(function, context);

    public void SnapshotState() => UserFunction.PrepareSnapshot(function);

    public void Close() => UserFunction.Close(function);

    public void CoGroup(IReadOnlyList<TLeft> left, IReadOnlyList<TRight> right, ICollector<TOut> output)
    {
        for (int i = 0; i < left.Count; i++)
        {
            for (int j = 0; j < right.Count; j++)
            {
                function.Join(left[i], right[j], output);
            }
        }
    }
}
