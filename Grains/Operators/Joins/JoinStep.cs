using Millrace.Functions;
using Millrace.Joins;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Joins;

/// <summary>One result for a pair.</summary>
internal struct JoinStep<TLeft, TRight, TOut, TFunction>(TFunction function) : IJoinStep<TLeft, TRight, TOut>
    where TFunction : IJoinFunction<TLeft, TRight, TOut>
{
    private TFunction _function = function;

    public void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(ref _function);

    public void Close() => UserFunction.Close(ref _function);

    public void Join(in Timed<TLeft> left, in Timed<TRight> right, UnitCollector<TOut> output) =>
        output.Emit(_function.Join(left.Value, right.Value));
}
