using Millrace.Functions;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Async;

/// <summary>What goes on for a record once its results are complete. On the loop.</summary>
internal interface IAsyncEmission<TIn, TResult, TOut>
{
    /// <summary>Before the first record.</summary>
    void Open(RuntimeContext context);

    /// <summary>A snapshot is about to be taken.</summary>
    void PrepareSnapshot();

    /// <summary>After the last record.</summary>
    void Close();

    /// <summary>Emits what goes on for a record.</summary>
    void Emit(TIn value, AsyncResults<TResult> results, UnitCollector<TOut> output);
}
