using Millrace.Batches;
using Millrace.Functions.Async;
using Millrace.Graph.Async;
using Millrace.Joins;
using Millrace.Operators;
using Millrace.Operators.Async;
using Millrace.Operators.Async.Lookups;
using Millrace.State.OperatorStates;

namespace Millrace.Tasks.Async;

/// <summary>Builds the operator that a transformation with answers from outside stands for.</summary>
/// <param name="transformation">The transformation.</param>
/// <param name="states">Keeps the records that are under way.</param>
/// <param name="loop">The loop it belongs to.</param>
/// <param name="clock">Of the loop's rounds.</param>
/// <param name="output">Its output.</param>
#pragma warning disable CA1001 // What it builds is its chain's.
internal sealed class AsyncBuilder<TIn, TOut>(
    AsyncTransformation<TIn, TOut> transformation,
    OperatorStateBackend states,
    ISubtaskLoop loop,
    RoundClock clock,
    Output<TOut> output)
    : IAsyncFactory<TIn, TOut>
#pragma warning restore CA1001
{
    private StreamOperator<TIn>? _built;

    /// <summary>Builds it.</summary>
    public StreamOperator<TIn> Build()
    {
        transformation.Accept(this);
        return _built ?? throw new InvalidOperationException(
            $"'{transformation.Name}' has not said which operator it is.");
    }

    public void Function(AsyncFunction<TIn, TOut> function, AsyncRetryStrategy<TOut>? retry) =>
        _built = new AsyncWaitOperator<TIn, TOut, TOut, ResultsEmission<TIn, TOut>>(
            Parts(function, retry), default, output);

    public void LookupJoin<TKey, TRow, TFunction>(
        LookupSettings<TIn, TKey, TRow> lookup, TFunction function, bool withoutRows)
        where TFunction : IJoinFunction<TIn, TRow, TOut> =>
        _built = new AsyncWaitOperator<TIn, TRow, TOut, JoinEmission<TIn, TRow, TOut, TFunction>>(
            Parts(new CachedLookup<TIn, TKey, TRow>(lookup, clock, loop.Time), lookup.Retry),
            new JoinEmission<TIn, TRow, TOut, TFunction>(function, withoutRows),
            output);

    private AsyncParts<TIn, TResult> Parts<TResult>(
        AsyncFunction<TIn, TResult> function, AsyncRetryStrategy<TResult>? retry) =>
        new(transformation.Name, function, retry, transformation.Wait, states, loop, clock);
}
