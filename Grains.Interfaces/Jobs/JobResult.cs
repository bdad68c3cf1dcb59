using System.Collections.Immutable;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>What is left of a job that has ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Failure">Why, when it failed.</param>
/// <param name="RunTime">From acceptance to the end.</param>
/// <param name="Accumulators">Merged over all subtasks.</param>
/// <param name="Returned">What its sinks returned to the client; empty unless it finished.</param>
/// <param name="Savepoint">The savepoint with which it was stopped, or null.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobResult")]
public sealed record JobResult(
    [property: Id(0)] JobId Job,
    [property: Id(1)] string Name,
    [property: Id(2)] JobStatus Status,
    [property: Id(3)] FailureInfo? Failure,
    [property: Id(4)] TimeSpan RunTime,
    [property: Id(5)] ImmutableArray<AccumulatorValue> Accumulators,
    [property: Id(6)] ImmutableArray<ReturnedBytes> Returned,
    [property: Id(7)] string? Savepoint = null);
