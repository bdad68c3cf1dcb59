using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>All there is to show about a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status.</param>
/// <param name="Version">Grows with every change of a status or state; counters alone do not raise it. Starts anew
/// with another epoch.</param>
/// <param name="Epoch">Who is in charge.</param>
/// <param name="History">When it entered which status, oldest first; the last is the current one.</param>
/// <param name="Vertices">In topological order.</param>
/// <param name="Failure">What the job failed of, or null.</param>
/// <param name="Failures">The latest failures, oldest first; a bounded number.</param>
/// <param name="Accumulators">Merged over the subtasks that have finished.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="Checkpoints">Its checkpoints; null when it takes none.</param>
/// <param name="RestoredFrom">The savepoint or checkpoint it went on from when it began, or null.</param>
/// <param name="Savepoint">The savepoint with which it was stopped, or null.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobDetails")]
public sealed record JobDetails(
    [property: Id(0)] JobId Job,
    [property: Id(1)] string Name,
    [property: Id(2)] JobStatus Status,
    [property: Id(3)] long Version,
    [property: Id(4)] JobEpoch Epoch,
    [property: Id(5)] ImmutableArray<StatusTime> History,
    [property: Id(6)] ImmutableArray<VertexDetails> Vertices,
    [property: Id(7)] FailureInfo? Failure,
    [property: Id(8)] ImmutableArray<FailureTime> Failures,
    [property: Id(9)] ImmutableArray<AccumulatorValue> Accumulators,
    [property: Id(10)] int Restarts,
    [property: Id(11)] CheckpointOverview? Checkpoints = null,
    [property: Id(12)] string? RestoredFrom = null,
    [property: Id(13)] string? Savepoint = null);

/// <summary>When a job entered a status.</summary>
/// <param name="Status">The status.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("millrace.StatusTime")]
public readonly record struct StatusTime(
    [property: Id(0)] JobStatus Status,
    [property: Id(1)] DateTimeOffset At);

/// <summary>A failure and when the job heard of it.</summary>
/// <param name="Failure">What went wrong.</param>
/// <param name="At">When.</param>
/// <param name="Attempt">The attempt that failed, or null when it was not one of a subtask.</param>
/// <param name="Regions">The regions of the job, counted from zero, that ran again because of it while the others went
/// on; null when all of the job did, or nothing.</param>
[GenerateSerializer, Immutable, Alias("millrace.FailureTime")]
public sealed record FailureTime(
    [property: Id(0)] FailureInfo Failure,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] ExecutionAttemptId? Attempt,
    [property: Id(3)] IReadOnlyList<int>? Regions = null);

/// <summary>One vertex of a job.</summary>
/// <param name="Vertex">The vertex.</param>
/// <param name="Name">The operators' names joined by arrows.</param>
/// <param name="MaxParallelism">Number of key groups.</param>
/// <param name="SlotSharingGroup">Subtasks of one group may share a slot.</param>
/// <param name="Subtasks">By subtask index; as many as the vertex's parallelism.</param>
[GenerateSerializer, Immutable, Alias("millrace.VertexDetails")]
public sealed record VertexDetails(
    [property: Id(0)] VertexId Vertex,
    [property: Id(1)] string Name,
    [property: Id(2)] int MaxParallelism,
    [property: Id(3)] string SlotSharingGroup,
    [property: Id(4)] ImmutableArray<SubtaskDetails> Subtasks)
{
    /// <summary>Number of subtasks.</summary>
    public int Parallelism => Subtasks.Length;
}

/// <summary>The current attempt of one subtask.</summary>
/// <param name="Attempt">Its number, from zero.</param>
/// <param name="State">Its state.</param>
/// <param name="Silo">The silo it runs or ran on, as <c>SiloAddress.ToParsableString()</c> writes it; null before it
/// has a slot.</param>
/// <param name="SiloName">Name of that silo, or null.</param>
/// <param name="Slot">Index of its slot on the silo, or -1.</param>
/// <param name="StartedAt">When it was deployed, or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="Metrics">Its figures as last heard, or null.</param>
/// <param name="Rates">How it got on between the last two looks, or over its whole life once it has ended; null when
/// that is not known.</param>
[GenerateSerializer, Immutable, Alias("millrace.SubtaskDetails")]
public sealed record SubtaskDetails(
    [property: Id(0)] int Attempt,
    [property: Id(1)] ExecutionState State,
    [property: Id(2)] string? Silo,
    [property: Id(3)] string? SiloName,
    [property: Id(4)] int Slot,
    [property: Id(5)] DateTimeOffset? StartedAt,
    [property: Id(6)] DateTimeOffset? EndedAt,
    [property: Id(7)] TaskMetrics? Metrics,
    [property: Id(8)] TaskRates? Rates = null);
