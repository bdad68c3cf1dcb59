using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Graph;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>What each silo is told to build.</summary>
internal static class DeploymentLists
{
    /// <summary>One list for each silo that has something to build.</summary>
    /// <param name="graph">All executions, some of which have no slot yet when the job runs in stages.</param>
    /// <param name="submission">The job.</param>
    /// <param name="epoch">Who deploys.</param>
    /// <param name="executions">What is to be built; each has its slot.</param>
    /// <param name="from">What the job goes on from, or null.</param>
    public static IReadOnlyList<(string Silo, TaskDeploymentList List)> Of(
        ExecutionGraph graph,
        JobSubmission submission,
        JobEpoch epoch,
        IEnumerable<SubtaskExecution> executions,
        CheckpointMetadata? from = null)
    {
        ImmutableArray<VertexLocations> locations = LocationsOf(graph);
        return
        [
            .. executions.GroupBy(static execution => execution.Slot!.Silo.Silo).Select(silo => (
                silo.Key,
                new TaskDeploymentList(
                    submission.Job,
                    submission.Graph.Name,
                    epoch,
                    submission.Program,
                    submission.Arguments,
                    submission.Graph,
                    TasksOf(silo),
                    locations,
                    from?.Vertices))),
        ];
    }

    // Consumers before their producers: the plan's order turned round.
    private static ImmutableArray<TaskDeployment> TasksOf(IEnumerable<SubtaskExecution> executions) =>
    [
        .. executions
            .OrderByDescending(static execution => execution.Vertex)
            .ThenBy(static execution => execution.Id.Subtask)
            .Select(static execution => new TaskDeployment(execution.Id, execution.Slot!.Index)),
    ];

    private static ImmutableArray<VertexLocations> LocationsOf(ExecutionGraph graph)
    {
        ImmutableArray<VertexLocations>.Builder locations = ImmutableArray.CreateBuilder<VertexLocations>();
        for (int vertex = 0; vertex < graph.Plan.Vertices.Length; vertex++)
        {
            locations.Add(LocationsOf(graph.Plan.Vertices[vertex], graph.Of(vertex)));
        }

        return locations.ToImmutable();
    }

    private static VertexLocations LocationsOf(JobVertex vertex, IReadOnlyList<SubtaskExecution> executions)
    {
        ImmutableArray<int>.Builder attempts = ImmutableArray.CreateBuilder<int>(executions.Count);
        ImmutableArray<int>.Builder silos = ImmutableArray.CreateBuilder<int>(executions.Count);
        ImmutableArray<SiloEndpoint>.Builder endpoints = ImmutableArray.CreateBuilder<SiloEndpoint>();
        Dictionary<string, int> known = [];
        foreach (SubtaskExecution execution in executions)
        {
            attempts.Add(execution.Id.Attempt);
            if (execution.Slot?.Silo is not { } endpoint)
            {
                silos.Add(VertexLocations.NotPlaced);
                continue;
            }

            if (!known.TryGetValue(endpoint.Silo, out int index))
            {
                known.Add(endpoint.Silo, index = endpoints.Count);
                endpoints.Add(endpoint);
            }

            silos.Add(index);
        }

        return new VertexLocations(vertex.Id, attempts.ToImmutable(), silos.ToImmutable(), endpoints.ToImmutable());
    }
}
