using System.Collections.Immutable;
using Millrace.Checkpointing.Statistics;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>What a subtask tells of its part of a checkpoint.</summary>
/// <param name="Checkpoint">Number of the checkpoint.</param>
/// <param name="State">Where its state is; null when it could not be stored.</param>
/// <param name="Failure">Why it could not be stored, or null.</param>
/// <param name="Committables">What its sinks have to commit once this checkpoint, or a later one, is complete: also
/// when its state could not be stored.</param>
/// <param name="Received">How many splits its source had got by the cut.</param>
/// <param name="Former">What a former attempt of it had left when it finished, before it had to run again; or
/// null.</param>
/// <param name="Operators">How much each operator keeps that keeps anything; null where that is not told.</param>
/// <param name="Times">How long it took; null when that is not known.</param>
/// <param name="InFlightBytes">Of its state, records that were on their way.</param>
/// <param name="InFlight">How many records that were, by edge; null where that is not told.</param>
[GenerateSerializer, Immutable, Alias("millrace.SubtaskCheckpoint")]
public sealed record SubtaskCheckpoint(
    [property: Id(0)] long Checkpoint,
    [property: Id(1)] StateHandle? State,
    [property: Id(2)] FailureInfo? Failure,
    [property: Id(3)] ImmutableArray<OperatorCommittables> Committables,
    [property: Id(4)] SplitsReceived? Received,
    [property: Id(5)] TaskResult? Former = null,
    [property: Id(6)] IReadOnlyList<OperatorStateSize>? Operators = null,
    [property: Id(20)] CheckpointTimes? Times = null,
    [property: Id(21)] long InFlightBytes = 0,
    [property: Id(22)] IReadOnlyList<InFlightSize>? InFlight = null);

/// <summary>How many splits a source's reader had got.</summary>
/// <param name="Source">The source operator.</param>
/// <param name="Count">Since the attempt began; those it was restored with do not count.</param>
[GenerateSerializer, Immutable, Alias("millrace.SplitsReceived")]
public sealed record SplitsReceived(
    [property: Id(0)] OperatorId Source,
    [property: Id(1)] long Count);
