using System.Collections.Immutable;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>A job as a line of a list.</summary>
/// <param name="Job">The job.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status.</param>
/// <param name="SubmittedAt">When it was accepted.</param>
/// <param name="EndedAt">When it reached a terminal status, or null.</param>
/// <param name="Subtasks">How many subtasks are in which state; states without subtasks are left out.</param>
/// <param name="Error">Why nothing more can be said, such as a record that cannot be read; null normally.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobOverview")]
public sealed record JobOverview(
    [property: Id(0)] JobId Job,
    [property: Id(1)] string Name,
    [property: Id(2)] JobStatus Status,
    [property: Id(3)] DateTimeOffset SubmittedAt,
    [property: Id(4)] DateTimeOffset? EndedAt,
    [property: Id(5)] ImmutableArray<SubtaskCount> Subtasks,
    [property: Id(6)] string? Error);

/// <summary>How many subtasks of a job are in one state.</summary>
/// <param name="State">The state.</param>
/// <param name="Count">From 1.</param>
[GenerateSerializer, Immutable, Alias("millrace.SubtaskCount")]
public readonly record struct SubtaskCount(
    [property: Id(0)] ExecutionState State,
    [property: Id(1)] int Count);
