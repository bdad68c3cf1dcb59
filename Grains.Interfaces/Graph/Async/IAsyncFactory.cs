using Millrace.Functions.Async;

namespace Millrace.Graph.Async;

/// <summary>Builds an operator that waits for answers, with its exact types.</summary>
internal interface IAsyncFactory<TIn, TOut>
{
    /// <summary>Results of a function go on as they are.</summary>
    void Function(AsyncFunction<TIn, TOut> function, AsyncRetryStrategy<TOut>? retry);
}
