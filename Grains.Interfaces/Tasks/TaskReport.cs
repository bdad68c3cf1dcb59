using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>What a subtask tells its job: one-way, in order per subtask.</summary>
/// <param name="Attempt">Which attempt of which subtask.</param>
/// <param name="State">The state it has entered.</param>
/// <param name="Failure">What went wrong, when <see cref="ExecutionState.Failed"/>.</param>
/// <param name="Result">What it leaves, when <see cref="ExecutionState.Finished"/>.</param>
/// <param name="Metrics">Its last counters, when it has ended; null when they are not known.</param>
/// <param name="LostPartition">What it could not read, when that is why it failed.</param>
/// <param name="Checkpoint">Its part of a checkpoint, when the report is about that.</param>
/// <param name="IsEnding">Whether it has read all its input and works off what is left: no checkpoint begins with it
/// any more.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskReport")]
public sealed record TaskReport(
    [property: Id(0)] ExecutionAttemptId Attempt,
    [property: Id(1)] ExecutionState State,
    [property: Id(2)] FailureInfo? Failure,
    [property: Id(3)] TaskResult? Result,
    [property: Id(4)] TaskMetrics? Metrics = null,
    [property: Id(5)] PartitionId? LostPartition = null,
    [property: Id(6)] SubtaskCheckpoint? Checkpoint = null,
    [property: Id(10)] bool IsEnding = false);

/// <summary>What a finished subtask leaves.</summary>
/// <param name="Accumulators">Its partial values.</param>
/// <param name="Committables">What the committers of its sinks need.</param>
/// <param name="Returned">Bytes for the client.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskResult")]
public sealed record TaskResult(
    [property: Id(0)] ImmutableArray<AccumulatorValue> Accumulators,
    [property: Id(1)] ImmutableArray<OperatorCommittables> Committables,
    [property: Id(2)] ImmutableArray<ReturnedBytes> Returned)
{
    /// <summary>Of a subtask that leaves nothing.</summary>
    public static readonly TaskResult Nothing = new([], [], []);
}

/// <summary>What the committer of one sink operator needs from one subtask.</summary>
/// <param name="Operator">The sink operator.</param>
/// <param name="Items">Opaque to everybody but the sink.</param>
[GenerateSerializer, Immutable, Alias("millrace.OperatorCommittables")]
public sealed record OperatorCommittables(
    [property: Id(0)] OperatorId Operator,
    [property: Id(1)] ImmutableArray<byte[]> Items)
{
    /// <summary>One entry for each sink, by id; its items in the order in which they came.</summary>
    internal static ImmutableArray<OperatorCommittables> BySink(IEnumerable<OperatorCommittables> entries) =>
    [
        .. entries
            .GroupBy(static entry => entry.Operator)
            .OrderBy(static sink => sink.Key.ToString(), StringComparer.Ordinal)
            .Select(static sink => new OperatorCommittables(
                sink.Key, [.. sink.SelectMany(static entry => entry.Items)])),
    ];
}

/// <summary>Bytes a sink returns to the client.</summary>
/// <param name="Name">The name the client asks for.</param>
/// <param name="Subtask">Zero-based index of the subtask they come from.</param>
/// <param name="Bytes">As the sink wrote them.</param>
[GenerateSerializer, Immutable, Alias("millrace.ReturnedBytes")]
public sealed record ReturnedBytes(
    [property: Id(0)] string Name,
    [property: Id(1)] int Subtask,
    [property: Id(2)] byte[] Bytes);
