using Millrace.Clustering.Clients;
using Millrace.Running;

namespace Millrace.Clustering;

/// <summary>The providers of Orleans' packages under our settings, each on a server of the test's own.</summary>
[TestClass]
public sealed class ServerClusteringTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [TestMethod]
    public async Task Silos_and_clients_meet_in_Redis_and_a_crashed_silo_is_declared_dead()
    {
        using ServerProcess? server = await ServerProcess.TryStartAsync(
            "redis-server", port => ["--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", _directory.Path]);
        if (server is null)
        {
            Assert.Inconclusive("redis-server is not installed: tests/run installs it.");
        }

        await MeetAndNoticeACrashAsync(ClusteringProvider.Redis, $"127.0.0.1:{server.Port},abortConnect=false");
    }

    [TestMethod]
    public async Task Silos_and_clients_meet_in_Azure_tables_and_a_crashed_silo_is_declared_dead()
    {
        using Azurite? server = await Azurite.TryStartTablesAsync();
        if (server is null)
        {
            Assert.Inconclusive(Azurite.Missing);
        }

        await MeetAndNoticeACrashAsync(ClusteringProvider.AzureStorage, server.ConnectionString);
    }

    private static async Task MeetAndNoticeACrashAsync(ClusteringProvider provider, string connectionString)
    {
        var clustering = new ClusteringOptions
        {
            Provider = provider,
            ClusterId = "servers",
            ConnectionString = connectionString,
        };
        await using TestSilo first = await TestSilo.StartAsync(clustering);
        await using TestSilo second = await TestSilo.StartAsync(clustering);
        await second.SeesAsync([first.Address, second.Address]);
        await using MillraceClient client = await MillraceClient.ConnectAsync(clustering);
        IManagementGrain management = client.Cluster.GetGrain<IManagementGrain>(0);
        Assert.HasCount(2, await management.GetHosts(onlyActive: true));

        await first.CrashAsync();

        await second.SeesAsync([second.Address], first.Address);
    }
}
