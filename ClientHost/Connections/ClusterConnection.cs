using Millrace.Clustering.Clients;
using Millrace.Programs;

namespace Millrace.Connections;

/// <summary>An open way to a cluster.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private readonly MillraceClient _client;

    private ClusterConnection(MillraceClient client, ClusterChoice cluster)
    {
        _client = client;
        Calls = new ClusterCalls(
            () => client.Cluster,
            TimeProvider.System,
            () => !cluster.MayRun(),
            cluster.Patience.OutageTimeout);
    }

    /// <summary>Calls grains.</summary>
    public ClusterCalls Calls { get; }

    /// <exception cref="Local.LocalClusterException">The cluster of this machine is not running.</exception>
    /// <exception cref="ClusterUnreachableException">No silo answered.</exception>
    public static async Task<ClusterConnection> OpenAsync(ClusterChoice cluster, CancellationToken cancellationToken)
    {
        if (!cluster.MayRun())
        {
            throw cluster.Local!.NotRunning();
        }

        MillraceClient client = await MillraceClient.ConnectAsync(
            cluster.Clustering, cluster.Patience, loggers: null, cancellationToken);
        return new ClusterConnection(client, cluster);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
