using System.Collections.Immutable;
using Millrace.Graph;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>What each silo is told to build.</summary>
internal static class DeploymentLists
{
    /// <summary>One list for each silo; every execution has its slot.</summary>
    public static IReadOnlyList<TaskDeploymentList> Of(ExecutionGraph graph, JobSubmission submission, JobEpoch epoch)
    {
        ImmutableArray<VertexLocations> locations = LocationsOf(graph);
        return
        [
            .. graph.Silos.Select(silo => new TaskDeploymentList(
                submission.Job,
                submission.Graph.Name,
                epoch,
                submission.Program,
                submission.Arguments,
                submission.Graph,
                TasksOn(graph, silo),
                locations)),
        ];
    }

    // Consumers before their producers: the plan's order turned round.
    private static ImmutableArray<TaskDeployment> TasksOn(ExecutionGraph graph, string silo) =>
    [
        .. graph.On(silo)
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
            SiloEndpoint endpoint = execution.Slot!.Silo;
            if (!known.TryGetValue(endpoint.Silo, out int index))
            {
                known.Add(endpoint.Silo, index = endpoints.Count);
                endpoints.Add(endpoint);
            }

            attempts.Add(execution.Id.Attempt);
            silos.Add(index);
        }

        return new VertexLocations(vertex.Id, attempts.ToImmutable(), silos.ToImmutable(), endpoints.ToImmutable());
    }
}
