using System.Net;
using Millrace.Jobs;
using Millrace.Network.Exchange;

namespace Millrace.Tasks;

/// <summary>Where every subtask of a deployed job runs, as one silo sees it.</summary>
internal sealed class TaskLocations(TaskDeploymentList list, string localSilo)
{
    private readonly Dictionary<VertexId, VertexLocations> _vertices =
        list.Locations.ToDictionary(entry => entry.Vertex);

    /// <summary>The attempt that runs a subtask.</summary>
    public ExecutionAttemptId AttemptOf(VertexId vertex, int subtask) =>
        new(list.Job, vertex, subtask, _vertices[vertex].Attempts[subtask]);

    /// <summary>Where the exchange of a subtask's silo listens; null when it is this one.</summary>
    public EndPoint? RemoteOf(VertexId vertex, int subtask)
    {
        VertexLocations locations = _vertices[vertex];
        SiloEndpoint endpoint = locations.Endpoints[locations.Silos[subtask]];
        return endpoint.Silo == localSilo ? null : ExchangeEndPoint.Parse(endpoint.Exchange);
    }
}
