using System.Collections.Immutable;
using Millrace.Jobs;

namespace Millrace.Checkpointing.Statistics;

/// <summary>The checkpoints of a job, under whoever is in charge of it now.</summary>
/// <param name="Overview">How many there were.</param>
/// <param name="Checkpoints">The last ones, the latest first, without their subtasks; as many as
/// <c>Millrace:Jobs:CheckpointHistory</c> says.</param>
[GenerateSerializer, Immutable, Alias("millrace.CheckpointHistory")]
public sealed record CheckpointHistory(
    [property: Id(0)] CheckpointOverview? Overview,
    [property: Id(1)] ImmutableArray<CheckpointStatistics> Checkpoints);

/// <summary>One checkpoint.</summary>
/// <param name="Number">Its number within the job.</param>
/// <param name="Status">Where it is.</param>
/// <param name="BeganAt">When it began.</param>
/// <param name="Duration">From then to its end; so far, when it is in progress.</param>
/// <param name="Reason">Why it came to nothing, when it did.</param>
/// <param name="Failure">What happened, when it came to nothing; or null.</param>
/// <param name="Vertices">Its parts, by vertex in the order of the plan.</param>
[GenerateSerializer, Immutable, Alias("millrace.CheckpointStatistics")]
public sealed record CheckpointStatistics(
    [property: Id(0)] long Number,
    [property: Id(1)] CheckpointStatus Status,
    [property: Id(2)] DateTimeOffset BeganAt,
    [property: Id(3)] TimeSpan Duration,
    [property: Id(4)] CheckpointFailureReason? Reason,
    [property: Id(5)] string? Failure,
    [property: Id(6)] ImmutableArray<VertexCheckpoint> Vertices)
{
    /// <summary>State of all subtasks that have told theirs.</summary>
    public long Bytes => Vertices.Sum(static vertex => vertex.Bytes);

    /// <summary>Of these, records that were on their way.</summary>
    public long InFlightBytes => Vertices.Sum(static vertex => vertex.InFlightBytes);
}

/// <summary>What the subtasks of one vertex have told of a checkpoint.</summary>
/// <param name="Vertex">The vertex.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parallelism">Number of its subtasks.</param>
/// <param name="Told">How many of them have told their part.</param>
/// <param name="Last">From the beginning of the checkpoint to the last of these parts.</param>
/// <param name="Longest">The longest time that each phase took.</param>
/// <param name="Bytes">Their state.</param>
/// <param name="InFlightBytes">Of that, records that were on their way.</param>
/// <param name="Subtasks">Each of them that has told its part, by index; empty where they are not asked for.</param>
[GenerateSerializer, Immutable, Alias("millrace.VertexCheckpoint")]
public sealed record VertexCheckpoint(
    [property: Id(0)] VertexId Vertex,
    [property: Id(1)] string Name,
    [property: Id(2)] int Parallelism,
    [property: Id(3)] int Told,
    [property: Id(4)] TimeSpan Last,
    [property: Id(5)] CheckpointTimes Longest,
    [property: Id(6)] long Bytes,
    [property: Id(7)] long InFlightBytes,
    [property: Id(8)] ImmutableArray<SubtaskPart> Subtasks);

/// <summary>One subtask's part of a checkpoint.</summary>
/// <param name="Subtask">Its index.</param>
/// <param name="After">From the beginning of the checkpoint to its answer.</param>
/// <param name="Times">How long each phase took; null for one that had finished.</param>
/// <param name="Bytes">Its state.</param>
/// <param name="InFlightBytes">Of that, records that were on their way.</param>
[GenerateSerializer, Immutable, Alias("millrace.SubtaskPart")]
public sealed record SubtaskPart(
    [property: Id(0)] int Subtask,
    [property: Id(1)] TimeSpan After,
    [property: Id(2)] CheckpointTimes? Times,
    [property: Id(3)] long Bytes,
    [property: Id(4)] long InFlightBytes);

/// <summary>How long the phases of a subtask's part took.</summary>
/// <param name="Alignment">From the first barrier to the cut: channels were held back. Zero for a source.</param>
/// <param name="Synchronous">On the loop, which did nothing else: the operators told what they keep.</param>
/// <param name="Asynchronous">Off the loop, beside its work: sinks synced what they had written, the bytes were
/// stored.</param>
[GenerateSerializer, Immutable, Alias("millrace.CheckpointTimes")]
public sealed record CheckpointTimes(
    [property: Id(0)] TimeSpan Alignment,
    [property: Id(1)] TimeSpan Synchronous,
    [property: Id(2)] TimeSpan Asynchronous)
{
    /// <summary>No time at all.</summary>
    public static readonly CheckpointTimes Zero = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
}
