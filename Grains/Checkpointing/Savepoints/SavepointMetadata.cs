namespace Millrace.Checkpointing.Savepoints;

/// <summary>What a savepoint consists of (docs/formats/savepoint.md).</summary>
/// <param name="Id">The request for it.</param>
/// <param name="Kind">What became of the job.</param>
/// <param name="Snapshot">The state, as in a checkpoint.</param>
internal sealed record SavepointMetadata(SavepointId Id, SavepointKind Kind, CheckpointMetadata Snapshot);
