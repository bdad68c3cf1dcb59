using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>What the subtasks of one vertex go on from.</summary>
/// <param name="Vertex">The vertex.</param>
/// <param name="Subtasks">What its subtasks had left, by subtask index; their number may be another one now.</param>
/// <param name="Operators">The operators that ran in it, which may be spread over other vertices now; null when they
/// are those of the vertex of the same id.</param>
[GenerateSerializer, Immutable, Alias("millrace.RestoredVertex")]
public sealed record RestoredVertex(
    [property: Id(0)] VertexId Vertex,
    [property: Id(1)] ImmutableArray<SubtaskState> Subtasks,
    [property: Id(2)] IReadOnlyList<OperatorId>? Operators = null);

/// <summary>What one subtask has left in a checkpoint.</summary>
/// <param name="State">Its state, or null when it had finished.</param>
/// <param name="Finished">What it had left when it finished, or null. With a state: what an attempt before had left,
/// which had finished and had to run again.</param>
[GenerateSerializer, Immutable, Alias("millrace.SubtaskState")]
public sealed record SubtaskState(
    [property: Id(0)] StateHandle? State,
    [property: Id(1)] TaskResult? Finished);
