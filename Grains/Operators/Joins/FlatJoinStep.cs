using Millrace.Functions;
using Millrace.Joins;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Joins;

/// <summary>Any number of results for a pair.</summary>
internal readonly struct FlatJoinStep<TLeft, TRight, TOut>(IFlatJoinFunction<TLeft, TRight, TOut> function)
    : IJoinStep<TLeft, TRight, TOut>
{
    public void Open(RuntimeContext context) => UserFunction.Open(function, context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(function);

    public void Close() => UserFunction.Close(function);

    public void Join(in Timed<TLeft> left, in Timed<TRight> right, UnitCollector<TOut> output) =>
        function.Join(left.Value, right.Value, output);
}
