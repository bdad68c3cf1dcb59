using Microsoft.Extensions.Configuration;
using Millrace.Clustering;
using Millrace.Clustering.Clients;
using Millrace.Local;

namespace Millrace.Connections;

/// <summary>Which cluster a command is for, and how it is reached.</summary>
/// <remarks>A cluster named by <c>--cluster</c> is one of this machine. Without it, settings that name a provider
/// (<c>-D</c>, or the environment) lead to that cluster, and otherwise the cluster <c>default</c> of this machine is
/// meant.</remarks>
internal sealed class ClusterChoice
{
    private ClusterChoice(IConfiguration configuration, LocalCluster? local, bool isNamed)
    {
        Local = local;
        IsNamed = isNamed;
        Clustering = ClusteringOptions.From(configuration);
        Patience = MillraceClientOptions.From(configuration);
    }

    /// <summary>The cluster of silo processes on this machine, or null when it is another kind of cluster.</summary>
    public LocalCluster? Local { get; }

    /// <summary>Whether the user has named a cluster, so that no other will do.</summary>
    public bool IsNamed { get; }

    /// <summary>How clients find it.</summary>
    public ClusteringOptions Clustering { get; }

    /// <summary>Timeouts and retries.</summary>
    public MillraceClientOptions Patience { get; }

    /// <param name="name">From <c>--cluster</c>, or null.</param>
    /// <param name="settings">From <c>-D</c>, each <c>key=value</c>.</param>
    /// <exception cref="UsageException">A word is not a name, or not a setting.</exception>
    public static ClusterChoice Of(string? name, IEnumerable<string> settings)
    {
        IConfiguration given = new ConfigurationBuilder()
            .AddEnvironmentVariables()
            .AddInMemoryCollection(settings.Select(Setting.Parse))
            .Build();
        bool isElsewhere = given.GetSection(ClusteringOptions.Section).GetChildren().Any();
        if (name is null && isElsewhere)
        {
            return new ClusterChoice(given, local: null, isNamed: true);
        }

        ClusterDirectory directory = LocalHome.Cluster(name ?? ClusterDirectory.DefaultName);
        IConfiguration local = new ConfigurationBuilder()
            .AddConfiguration(given)
            .AddInMemoryCollection(directory.ToConfiguration())
            .Build();
        return new ClusterChoice(local, new LocalCluster(directory), isNamed: name is not null);
    }

    /// <summary>Whether it makes sense to connect: nothing is known of clusters elsewhere.</summary>
    public bool MayRun() => Local?.IsRunning() ?? true;
}
