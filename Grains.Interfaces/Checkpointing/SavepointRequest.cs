namespace Millrace.Checkpointing;

/// <summary>Asks a job for a savepoint.</summary>
/// <param name="Id">Drawn by whoever asks; asked again with the same id, it is the same savepoint.</param>
/// <param name="Kind">What becomes of the job.</param>
/// <param name="Directory">Where the folder of the savepoint is to be made: an absolute path or URI; null for
/// <c>Millrace:Checkpoints:SavepointDirectory</c>.</param>
[GenerateSerializer, Immutable, Alias("millrace.SavepointRequest")]
public sealed record SavepointRequest(
    [property: Id(0)] SavepointId Id,
    [property: Id(1)] SavepointKind Kind,
    [property: Id(2)] string? Directory = null);
