using Millrace.Graph;
using Millrace.Jobs;

namespace Millrace.Checkpointing;

/// <summary>An operator whose state is in a checkpoint or savepoint, as the program had it that took it.</summary>
/// <param name="Vertex">The vertex whose subtasks it was part of.</param>
/// <param name="Id">Under which its state is filed.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What kind of step it is, such as <c>Map</c>.</param>
/// <param name="Uid">The stable name the program gave it, or null.</param>
/// <param name="Parallelism">Number of its subtasks.</param>
/// <param name="MaxParallelism">Number of key groups.</param>
/// <param name="KeyedBytes">State and timers by key, over all subtasks.</param>
/// <param name="OtherBytes">Everything else it keeps, over all subtasks, and the job's side of a source.</param>
internal sealed record SnapshotOperator(
    VertexId Vertex,
    OperatorId Id,
    string Name,
    string Kind,
    string? Uid,
    int Parallelism,
    int MaxParallelism,
    long KeyedBytes,
    long OtherBytes)
{
    /// <summary>The edges that led to it; null where that was not told.</summary>
    public IReadOnlyList<JobOperatorInput>? Inputs { get; init; }

    /// <summary>Whether it keeps anything.</summary>
    public bool HasState => KeyedBytes + OtherBytes > 0;

    /// <summary>For people: its name, and the uid where it has one.</summary>
    public override string ToString() => Id.Describe(Name, Uid);
}
