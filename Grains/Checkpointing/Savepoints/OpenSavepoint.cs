namespace Millrace.Checkpointing.Savepoints;

/// <summary>A savepoint of which there may be files, and which is not complete: whoever takes over the job removes
/// them.</summary>
/// <param name="Id">The request for it.</param>
/// <param name="Folder">Absolute URI of its folder.</param>
internal sealed record OpenSavepoint(SavepointId Id, string Folder);
