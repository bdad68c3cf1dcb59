namespace Millrace.Tasks;

/// <summary>Counters of one running subtask; they only grow.</summary>
/// <param name="Attempt">Which attempt of which subtask.</param>
/// <param name="State">The state it is in.</param>
/// <param name="RecordsIn">Records its head took; for a source, records read.</param>
/// <param name="RecordsOut">Records it sent to other subtasks; for a sink at the end of the chain, records
/// written.</param>
/// <param name="BatchesIn">Batches its head took.</param>
/// <param name="BusyNanoseconds">Processor time its loop used.</param>
/// <param name="BackpressuredNanoseconds">Time its loop waited for room in an output.</param>
/// <param name="IdleNanoseconds">Time its loop waited for input.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskMetrics")]
public sealed record TaskMetrics(
    [property: Id(0)] ExecutionAttemptId Attempt,
    [property: Id(1)] ExecutionState State,
    [property: Id(2)] long RecordsIn,
    [property: Id(3)] long RecordsOut,
    [property: Id(4)] long BatchesIn,
    [property: Id(5)] long BusyNanoseconds,
    [property: Id(6)] long BackpressuredNanoseconds,
    [property: Id(7)] long IdleNanoseconds);
