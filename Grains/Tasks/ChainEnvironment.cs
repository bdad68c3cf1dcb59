using Millrace.Batches;
using Millrace.Graph;
using Millrace.Network;
using Millrace.Operators;
using Millrace.Serialization;
using Millrace.State;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Tasks;

/// <summary>What a chain is built from.</summary>
/// <param name="Subtask">What it is the chain of.</param>
/// <param name="Graph">The plan.</param>
/// <param name="Program">The program as defined for this attempt: its functions are this subtask's own.</param>
/// <param name="Locations">Where the others run.</param>
/// <param name="Network">The ways to other subtasks.</param>
/// <param name="Serializers">Of the job.</param>
/// <param name="Batches">Counts the batches that are out.</param>
/// <param name="Loop">The loop the chain will belong to.</param>
internal sealed record ChainEnvironment(
    SubtaskInfo Subtask,
    JobGraph Graph,
    StreamGraph Program,
    TaskLocations Locations,
    NetworkEnvironment Network,
    SerializerSet Serializers,
    BatchAccount Batches,
    ISubtaskLoop Loop)
{
    /// <summary>Where the chain's input is cut for a checkpoint.</summary>
    public CheckpointCut Cut { get; init; } = new();

    /// <summary>What state can be kept in.</summary>
    public StateEnvironment State { get; init; } = StateEnvironment.Memory;

    /// <summary>The vertex the chain belongs to.</summary>
    public JobVertex Vertex => Subtask.Vertex;
}
