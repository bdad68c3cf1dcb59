using Millrace.Functions;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Async;

/// <summary>Results go on as they are.</summary>
internal readonly struct ResultsEmission<TIn, TOut> : IAsyncEmission<TIn, TOut, TOut>
{
    public void Open(RuntimeContext context)
    {
    }

    public void PrepareSnapshot()
    {
    }

    public void Close()
    {
    }

    public void Emit(TIn value, AsyncResults<TOut> results, UnitCollector<TOut> output)
    {
        foreach (TOut result in results.Span)
        {
            output.Emit(result);
        }
    }
}
