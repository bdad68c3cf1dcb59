using Millrace.Batches;

namespace Millrace.Network.Partitioners;

/// <summary>What every output to other subtasks is made of.</summary>
/// <param name="Name">The operator that writes, for errors.</param>
/// <param name="Pool">Batches the operator fills.</param>
/// <param name="TargetPool">Batches a scattering output fills, one for each target at a time.</param>
/// <param name="Producer">The subtask.</param>
/// <param name="Targets">The ways to the targets, in their order.</param>
internal sealed record OutputParts<T>(
    string Name, BatchPool<T> Pool, BatchPool<T> TargetPool, Producer Producer, ISubpartition<T>[] Targets)
{
    /// <summary>The operator that reads, for errors of functions that choose the target; or null.</summary>
    public string? Consumer { get; init; }
}
