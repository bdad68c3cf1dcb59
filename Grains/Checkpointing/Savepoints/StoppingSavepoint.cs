namespace Millrace.Checkpointing.Savepoints;

/// <summary>The savepoint a job ends with, once that is decided.</summary>
/// <param name="Id">The request for it.</param>
/// <param name="Folder">Absolute URI of its folder.</param>
internal sealed record StoppingSavepoint(SavepointId Id, string Folder);
