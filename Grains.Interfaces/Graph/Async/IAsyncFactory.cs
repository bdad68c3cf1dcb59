using Millrace.Functions.Async;
using Millrace.Joins;

namespace Millrace.Graph.Async;

/// <summary>Builds an operator that waits for answers, with its exact types.</summary>
internal interface IAsyncFactory<TIn, TOut>
{
    /// <summary>Results of a function go on as they are.</summary>
    void Function(AsyncFunction<TIn, TOut> function, AsyncRetryStrategy<TOut>? retry);

    /// <summary>Records join the rows that are found for their keys.</summary>
    void LookupJoin<TKey, TRow, TFunction>(
        LookupSettings<TIn, TKey, TRow> lookup, TFunction function, bool withoutRows)
        where TFunction : IJoinFunction<TIn, TRow, TOut>;
}
