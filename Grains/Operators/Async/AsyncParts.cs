using Millrace.Functions.Async;
using Millrace.Graph.Async;
using Millrace.State.OperatorStates;

namespace Millrace.Operators.Async;

/// <summary>What an operator that waits for answers is built with beside its output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Function">Called for each record.</param>
/// <param name="Retry">When it is called again for a record; null for never.</param>
/// <param name="Wait">How results are waited for.</param>
/// <param name="States">Keeps the records that are under way.</param>
/// <param name="Loop">The loop it belongs to.</param>
/// <param name="Clock">Of the loop's rounds.</param>
internal sealed record AsyncParts<TIn, TResult>(
    string Name,
    AsyncFunction<TIn, TResult> Function,
    AsyncRetryStrategy<TResult>? Retry,
    AsyncWait Wait,
    OperatorStateBackend States,
    ISubtaskLoop Loop,
    RoundClock Clock);
