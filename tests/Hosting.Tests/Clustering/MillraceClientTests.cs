using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Clustering.Clients;
using Orleans.Configuration;

namespace Millrace.Clustering;

[TestClass]
public sealed class MillraceClientTests : IDisposable
{
    private static readonly MillraceClientOptions Impatient = new()
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(700),
        RetryDelay = TimeSpan.FromMilliseconds(50),
    };

    private readonly TemporaryDirectory _directory = new();

    private ClusteringOptions OnFile => new() { ClusterId = "clients", Directory = _directory.Path };

    public void Dispose() => _directory.Dispose();

    [TestMethod]
    public async Task A_cluster_that_never_ran_is_unreachable_by_name()
    {
        ClusterUnreachableException error = await ConnectInVainAsync(OnFile);

        StringAssert.Contains(error.Message, "'clients'");
        StringAssert.Contains(error.Message, "provider File");
        StringAssert.Contains(error.Message, _directory.Path);
        StringAssert.Contains(error.Message, "lists no active silo");
        StringAssert.Contains(error.Message, Impatient.ConnectTimeout.ToString());
    }

    [TestMethod]
    public async Task Gateways_that_refuse_or_swallow_connections_are_named()
    {
        // Listens and never answers: the handshake of Orleans waits for nothing.
        using var silent = new TcpListener(IPAddress.Loopback, port: 0);
        silent.Start();
        int silentPort = ((IPEndPoint)silent.LocalEndpoint).Port;
        using var closed = new TcpListener(IPAddress.Loopback, port: 0);
        closed.Start();
        int closedPort = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        IMembershipTable table = new InProcessMembership();
        foreach (int port in new[] { silentPort, closedPort })
        {
            var entry = new MembershipEntry
            {
                SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
                HostName = "host",
                SiloName = "silo",
                Status = SiloStatus.Active,
                ProxyPort = port,
            };
            Assert.IsTrue(await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));
        }

        ClusterUnreachableException error = await ConnectInVainAsync(new ClusteringOptions
        {
            Provider = ClusteringProvider.InProcess,
            InProcess = (InProcessMembership)table,
        });

        StringAssert.Contains(error.Message, $"127.0.0.1:{silentPort}");
        StringAssert.Contains(error.Message, $"127.0.0.1:{closedPort}");
        StringAssert.Contains(error.Message, "provider InProcess");
    }

    [TestMethod]
    public async Task A_damaged_membership_file_is_reported_at_once()
    {
        string path = Path.Combine(_directory.Path, "membership.json");
        await File.WriteAllTextAsync(path, "{ not a table");
        var patience = new MillraceClientOptions { ConnectTimeout = TimeSpan.FromHours(1) };

        InvalidDataException error = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => MillraceClient.ConnectAsync(OnFile, patience));

        StringAssert.Contains(error.Message, path);
    }

    [TestMethod]
    public async Task Connecting_can_be_given_up()
    {
        using var giveUp = new CancellationTokenSource();
        var patience = new MillraceClientOptions { ConnectTimeout = TimeSpan.FromHours(1) };
        Task<MillraceClient> connecting = MillraceClient.ConnectAsync(
            OnFile, patience, cancellationToken: giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => connecting.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [TestMethod]
    public async Task Connecting_given_up_as_an_attempt_fails_is_given_up()
    {
        using var giveUp = new CancellationTokenSource();
        using ILoggerFactory loggers = LoggerFactory.Create(
            logging => logging.AddProvider(new CancelsOnWarning(giveUp)));
        var patience = new MillraceClientOptions { ConnectTimeout = TimeSpan.FromHours(1) };

        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(
            () => MillraceClient.ConnectAsync(OnFile, patience, loggers, giveUp.Token)
                .WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.AreEqual(giveUp.Token, error.CancellationToken);
        Assert.IsInstanceOfType<SiloUnavailableException>(error.InnerException);
    }

    [TestMethod]
    public async Task A_client_that_starts_before_the_cluster_waits_for_it_and_outlives_its_gateway()
    {
        var patience = new MillraceClientOptions { ConnectTimeout = TimeSpan.FromSeconds(30) };
        Task<MillraceClient> connecting = MillraceClient.ConnectAsync(OnFile, patience);
        TestSilo first = await TestSilo.StartAsync(OnFile);
        await using MillraceClient client = await connecting.WaitAsync(TimeSpan.FromSeconds(30));
        IManagementGrain management = client.Cluster.GetGrain<IManagementGrain>(0);
        Assert.AreEqual(first.Address, (await management.GetHosts(onlyActive: true)).Keys.Single());

        await using TestSilo second = await TestSilo.StartAsync(OnFile);
        await second.SeesAsync([first.Address, second.Address]);
        await first.CrashAsync();
        await second.SeesAsync([second.Address], first.Address);

        Assert.AreEqual(second.Address, await ActiveSiloAsync(management));
        await first.DisposeAsync();
    }

    [TestMethod]
    public async Task A_client_has_its_own_timeouts()
    {
        await using TestSilo silo = await TestSilo.StartAsync(OnFile);
        var patience = new MillraceClientOptions
        {
            CallTimeout = TimeSpan.FromSeconds(7),
            GatewayRefresh = TimeSpan.FromSeconds(3),
        };

        await using MillraceClient client = await MillraceClient.ConnectAsync(OnFile, patience);

        IServiceProvider services = client.Cluster.ServiceProvider;
        Assert.AreEqual(
            patience.CallTimeout,
            services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value.ResponseTimeout);
        Assert.AreEqual(
            patience.GatewayRefresh,
            services.GetRequiredService<IOptions<GatewayOptions>>().Value.GatewayListRefreshPeriod);
    }

    [TestMethod]
    public async Task Timeouts_that_cannot_work_are_refused_by_name()
    {
        var patience = new MillraceClientOptions { CallTimeout = TimeSpan.FromSeconds(30) };

        OptionsValidationException error = await Assert.ThrowsExactlyAsync<OptionsValidationException>(
            () => MillraceClient.ConnectAsync(OnFile, patience));

        StringAssert.Contains(error.Message, "Millrace:Client:CallTimeout is 00:00:30");
    }

    private static async Task<ClusterUnreachableException> ConnectInVainAsync(ClusteringOptions clustering) =>
        await Assert.ThrowsExactlyAsync<ClusterUnreachableException>(
            () => MillraceClient.ConnectAsync(clustering, Impatient).WaitAsync(TimeSpan.FromSeconds(30)));

    /// <summary>A call may meet the gateway that has just died; the next one goes elsewhere.</summary>
    private static async Task<SiloAddress> ActiveSiloAsync(IManagementGrain management)
    {
        SiloAddress? active = null;
        int refused = 0;
        do
        {
            try
            {
                active = (await management.GetHosts(onlyActive: true)).Keys.Single();
            }
            catch (Exception lost) when (++refused < 200 && lost is OrleansException or TimeoutException)
            {
                // A connection that failed is refused at once until its time to be tried again.
                await Task.Delay(20);
            }
        }
        while (active is null);

        return active;
    }
}
