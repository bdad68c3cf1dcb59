using Millrace.Clustering.Clients;

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
        using ServerProcess server = await ServerProcess.StartAsync(
            "redis-server", port => ["--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", _directory.Path]);

        await MeetAndNoticeACrashAsync(ClusteringProvider.Redis, $"127.0.0.1:{server.Port},abortConnect=false");
    }

    [TestMethod]
    public async Task Silos_and_clients_meet_in_Azure_tables_and_a_crashed_silo_is_declared_dead()
    {
        using ServerProcess server = await ServerProcess.StartAsync(
            Azurite.TableProgram,
            port => ["--tableHost", "127.0.0.1", "--tablePort", port, "--location", _directory.Path, "--silent"]);

        await MeetAndNoticeACrashAsync(ClusteringProvider.AzureStorage, Azurite.TableConnection(server.Port));
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
