using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Graph;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>The subtasks of one job for one silo, deployed as one list.</summary>
/// <param name="Job">The job.</param>
/// <param name="JobName">The job's name.</param>
/// <param name="Epoch">Who deploys; an older epoch is refused.</param>
/// <param name="Program">Where the code is found.</param>
/// <param name="Arguments">The arguments the job was submitted with.</param>
/// <param name="Graph">The plan.</param>
/// <param name="Tasks">The subtasks, consumers before their producers.</param>
/// <param name="Locations">Where every subtask of the job runs.</param>
/// <param name="Restored">What the vertices of the list go on from; null for a job that begins.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskDeploymentList")]
public sealed record TaskDeploymentList(
    [property: Id(0)] JobId Job,
    [property: Id(1)] string JobName,
    [property: Id(2)] JobEpoch Epoch,
    [property: Id(3)] ProgramReference Program,
    [property: Id(4)] ImmutableArray<string> Arguments,
    [property: Id(5)] JobGraph Graph,
    [property: Id(6)] ImmutableArray<TaskDeployment> Tasks,
    [property: Id(7)] ImmutableArray<VertexLocations> Locations,
    [property: Id(8)] IReadOnlyList<RestoredVertex>? Restored = null);

/// <summary>One subtask to run.</summary>
/// <param name="Attempt">Which attempt of which subtask.</param>
/// <param name="Slot">Index of the slot on the silo.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskDeployment")]
public sealed record TaskDeployment(
    [property: Id(0)] ExecutionAttemptId Attempt,
    [property: Id(1)] int Slot);

/// <summary>Where the subtasks of one vertex run.</summary>
/// <param name="Vertex">The vertex.</param>
/// <param name="Attempts">Attempt number of each subtask, by subtask index.</param>
/// <param name="Silos">Index into <paramref name="Endpoints"/> for each subtask, by subtask index; <see
/// cref="NotPlaced"/> for one that has no place yet.</param>
/// <param name="Endpoints">The silos that run subtasks of this vertex.</param>
[GenerateSerializer, Immutable, Alias("millrace.VertexLocations")]
public sealed record VertexLocations(
    [property: Id(0)] VertexId Vertex,
    [property: Id(1)] ImmutableArray<int> Attempts,
    [property: Id(2)] ImmutableArray<int> Silos,
    [property: Id(3)] ImmutableArray<SiloEndpoint> Endpoints)
{
    /// <summary>In place of an index: the subtask belongs to a stage that is still to come.</summary>
    public const int NotPlaced = -1;
}

/// <summary>A silo as the data plane sees it.</summary>
/// <param name="Silo">Its Orleans address with generation, as <c>SiloAddress.ToParsableString()</c> writes it.</param>
/// <param name="Exchange">Where its data exchange listens: <c>address:port</c>, or <paramref name="Silo"/> when
/// records come by grain calls.</param>
[GenerateSerializer, Immutable, Alias("millrace.SiloEndpoint")]
public sealed record SiloEndpoint(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Exchange);
