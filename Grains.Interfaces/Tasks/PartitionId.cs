namespace Millrace.Tasks;

/// <summary>What one attempt has written along one edge: it stays on the attempt's silo until its consumers have read
/// it.</summary>
/// <param name="Edge">Zero-based index of the edge in the job graph.</param>
/// <param name="Producer">The attempt that wrote it.</param>
[GenerateSerializer, Immutable, Alias("millrace.PartitionId")]
public readonly record struct PartitionId(
    [property: Id(0)] int Edge,
    [property: Id(1)] ExecutionAttemptId Producer);
