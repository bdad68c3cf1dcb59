using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Jobs;
using Millrace.State;

namespace Millrace.Graph;

/// <summary>
/// A program as it will run: chains of operators, with resolved parallelism, and the edges between them.
/// </summary>
/// <param name="Name">The job's name.</param>
/// <param name="Settings">What holds for all of it.</param>
/// <param name="Vertices">In topological order: every edge goes from an earlier vertex to a later one.</param>
/// <param name="Edges">Each at the index it is known by.</param>
/// <param name="Shape">One line for each thing that must be the same wherever the program is defined: operators with
/// their ids, kinds, types and state, and the partitioners between them. Not parallelism, chaining or element
/// data.</param>
/// <param name="Elements">Bytes of the records given in the program, by operator.</param>
/// <param name="Warnings">What a user should know about the plan.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobGraph")]
public sealed record JobGraph(
    [property: Id(0)] string Name,
    [property: Id(1)] JobSettings Settings,
    [property: Id(2)] ImmutableArray<JobVertex> Vertices,
    [property: Id(3)] ImmutableArray<JobEdge> Edges,
    [property: Id(4)] ImmutableArray<string> Shape,
    [property: Id(5)] ImmutableDictionary<OperatorId, byte[]> Elements,
    [property: Id(6)] ImmutableArray<string> Warnings)
{
    /// <summary>Whether the job runs in stages: a stage ends in front of every edge. One without edges is one stage,
    /// whose subtasks need not run at the same time either.</summary>
    public bool RunsInStages => Settings.Mode == RuntimeMode.Batch
        && Edges.All(static edge => edge.Exchange == ExchangeKind.Blocking);

    /// <summary>The vertex with an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public JobVertex Vertex(VertexId id)
    {
        foreach (JobVertex vertex in Vertices)
        {
            if (vertex.Id == id)
            {
                return vertex;
            }
        }

        throw new KeyNotFoundException($"Job '{Name}' has no vertex {id}.");
    }
}

/// <summary>A chain of operators that run in one subtask.</summary>
/// <param name="Id">That of its first operator.</param>
/// <param name="Name">The operators' names joined by arrows.</param>
/// <param name="Parallelism">Number of subtasks, from 1.</param>
/// <param name="MaxParallelism">Number of key groups; not below <paramref name="Parallelism"/>.</param>
/// <param name="SlotSharingGroup">Subtasks of one group may share a slot.</param>
/// <param name="Operators">In topological order; the first is the head.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobVertex")]
public sealed record JobVertex(
    [property: Id(0)] VertexId Id,
    [property: Id(1)] string Name,
    [property: Id(2)] int Parallelism,
    [property: Id(3)] int MaxParallelism,
    [property: Id(4)] string SlotSharingGroup,
    [property: Id(5)] ImmutableArray<JobOperator> Operators);

/// <summary>One operator of a chain.</summary>
/// <param name="Id">The same in every run of the same program.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What kind of step it is, such as <c>Map</c>.</param>
/// <param name="Uid">The stable name the program gave it, or null.</param>
/// <param name="OutputType">Type of its records, for people.</param>
/// <param name="Role">Whether it begins or ends the flow.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobOperator")]
public sealed record JobOperator(
    [property: Id(0)] OperatorId Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Kind,
    [property: Id(3)] string? Uid,
    [property: Id(4)] string OutputType,
    [property: Id(5)] OperatorRole Role)
{
    /// <summary>The edges that lead to it, those within its chain included; null in plans of older releases.</summary>
    [Id(6)]
    public IReadOnlyList<JobOperatorInput>? Inputs { get; init; }
}

/// <summary>An edge that leads to an operator, as the program asks for it.</summary>
/// <param name="Input">Zero-based input of the operator.</param>
/// <param name="Edge">Its name, the same in every run of the same program: the operator that writes, and behind a slash
/// the tag of its side output.</param>
/// <param name="Partitioning">How records find their subtask, for people; <c>Natural</c> where the program does not
/// say.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobOperatorInput")]
public sealed record JobOperatorInput(
    [property: Id(0)] int Input,
    [property: Id(1)] string Edge,
    [property: Id(2)] string Partitioning)
{
    /// <summary>Id of the operator that writes: 32 hexadecimal digits.</summary>
    internal string From => Edge.Split('/', '#')[0];
}

/// <summary>Whether an operator begins or ends the flow.</summary>
public enum OperatorRole
{
    /// <summary>Neither.</summary>
    Inner,

    /// <summary>It reads a source with splits, which the job's side hands out.</summary>
    Source,

    /// <summary>It writes into a sink, which the job's side prepares and commits.</summary>
    Sink,
}

/// <summary>The way from one vertex to another.</summary>
/// <param name="Index">Zero-based index among the job's edges.</param>
/// <param name="From">The producing vertex.</param>
/// <param name="FromOperator">The operator in it whose records flow.</param>
/// <param name="To">The consuming vertex.</param>
/// <param name="Input">Zero-based input of the consuming vertex's head; several edges may lead to one input.</param>
/// <param name="Partitioner">How records find their subtask.</param>
/// <param name="Exchange">Whether both ends run at the same time.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobEdge")]
public sealed record JobEdge(
    [property: Id(0)] int Index,
    [property: Id(1)] VertexId From,
    [property: Id(2)] OperatorId FromOperator,
    [property: Id(3)] VertexId To,
    [property: Id(4)] int Input,
    [property: Id(5)] PartitionerKind Partitioner,
    [property: Id(6)] ExchangeKind Exchange = ExchangeKind.Pipelined);

/// <summary>Whether both ends of an edge run at the same time.</summary>
public enum ExchangeKind
{
    /// <summary>They do: records are passed on while they are made.</summary>
    Pipelined,

    /// <summary>The producer writes all it has into a partition on its silo and ends; its consumers are scheduled
    /// then.</summary>
    Blocking,
}

/// <summary>What holds for a whole job.</summary>
/// <param name="Mode">Streaming or batch; resolved, never automatic.</param>
/// <param name="BufferTimeout">Longest time a record waits in a batch that is not full.</param>
/// <param name="BatchSize">Most records of a batch, or null for the default.</param>
/// <param name="CopyOnEmit">Whether records are copied between operators.</param>
/// <param name="WorkingDirectory">Where the job was submitted: relative paths count from here.</param>
/// <param name="WatermarkInterval">From one periodic watermark to the next; zero for one behind each batch.</param>
/// <param name="Checkpoints">How checkpoints are taken; null when none are.</param>
/// <param name="Restart">What the job does after a failure; null when the program does not say.</param>
/// <param name="Restore">What the job goes on from, when the program says so itself; or null.</param>
/// <param name="State">What keyed state is kept in; null to leave it to the silos.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobSettings")]
public sealed record JobSettings(
    [property: Id(0)] RuntimeMode Mode,
    [property: Id(1)] TimeSpan BufferTimeout,
    [property: Id(2)] int? BatchSize,
    [property: Id(3)] bool CopyOnEmit,
    [property: Id(4)] string WorkingDirectory,
    [property: Id(5)] TimeSpan WatermarkInterval,
    [property: Id(6)] CheckpointSettings? Checkpoints = null,
    [property: Id(7)] RestartSettings? Restart = null,
    [property: Id(8)] RestoreSettings? Restore = null,
    [property: Id(9)] StateBackend? State = null)
{
    /// <summary>What the job does after a failure: what the program says; or else a job with checkpoints is restarted,
    /// and another one fails.</summary>
    public RestartSettings RestartOrDefault =>
        Restart ?? (Checkpoints is null ? RestartSettings.None : RestartSettings.Backoff());
}
