using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Connected;

/// <summary>A flat map of two inputs.</summary>
internal readonly struct CoFlatMapStep<TLeft, TRight, TOut>(ICoFlatMapFunction<TLeft, TRight, TOut> function)
    : ICoStep<TLeft, TRight, TOut>
{
    public void Open(RuntimeContext context) => UserFunction.Open(function, context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(function);

    public void Close() => UserFunction.Close(function);

    public void Left(TLeft record, long? timestamp, UnitCollector<TOut> output) =>
        function.FlatMapLeft(record, output);

    public void Right(TRight record, long? timestamp, UnitCollector<TOut> output) =>
        function.FlatMapRight(record, output);

    public void Advance(long watermark)
    {
    }

    public void OnTimer(long time, TimeDomain domain, UnitCollector<TOut> output)
    {
    }
}
