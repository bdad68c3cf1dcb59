using Millrace.Functions;
using Millrace.Joins;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Async.Lookups;

/// <summary>One result for a record and each of its rows.</summary>
/// <param name="function">Makes it.</param>
/// <param name="withoutRows">Whether there is one for a record without rows too.</param>
internal struct JoinEmission<TLeft, TRow, TOut, TFunction>(TFunction function, bool withoutRows)
    : IAsyncEmission<TLeft, TRow, TOut>
    where TFunction : IJoinFunction<TLeft, TRow, TOut>
{
    private TFunction _function = function;

    public void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(ref _function);

    public void Close() => UserFunction.Close(ref _function);

    public void Emit(TLeft value, AsyncResults<TRow> results, UnitCollector<TOut> output)
    {
        foreach (TRow row in results.Span)
        {
            output.Emit(_function.Join(value, row));
        }

        if (withoutRows && results.Count == 0)
        {
            output.Emit(_function.Join(value, default!));
        }
    }
}
