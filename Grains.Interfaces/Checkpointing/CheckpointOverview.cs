namespace Millrace.Checkpointing;

/// <summary>The checkpoints of a job, under whoever is in charge of it now.</summary>
/// <param name="Completed">How many were completed.</param>
/// <param name="Failed">How many were given up: they failed or took too long.</param>
/// <param name="Latest">The one that the job would go on from, or null.</param>
[GenerateSerializer, Immutable, Alias("millrace.CheckpointOverview")]
public sealed record CheckpointOverview(
    [property: Id(0)] long Completed,
    [property: Id(1)] long Failed,
    [property: Id(2)] CompletedCheckpoint? Latest);

/// <summary>A checkpoint that is complete.</summary>
/// <param name="Number">Its number within the job, from 1.</param>
/// <param name="CompletedAt">When its last part came.</param>
/// <param name="Duration">From its beginning to then.</param>
/// <param name="Bytes">State of all subtasks.</param>
[GenerateSerializer, Immutable, Alias("millrace.CompletedCheckpoint")]
public sealed record CompletedCheckpoint(
    [property: Id(0)] long Number,
    [property: Id(1)] DateTimeOffset CompletedAt,
    [property: Id(2)] TimeSpan Duration,
    [property: Id(3)] long Bytes);
