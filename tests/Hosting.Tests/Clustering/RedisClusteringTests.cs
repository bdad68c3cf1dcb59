using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Clustering.Clients;
using Millrace.Clustering.Endpoints;

namespace Millrace.Clustering;

/// <summary>The provider of the Orleans package under our settings, on a server of the test's own.</summary>
[TestClass]
public sealed class RedisClusteringTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private Process? _server;

    public void Dispose()
    {
        _server?.Kill();
        _server?.WaitForExit();
        _server?.Dispose();
        _directory.Dispose();
    }

    [TestMethod]
    public async Task Silos_and_clients_meet_in_Redis_and_a_crashed_silo_is_declared_dead()
    {
        int port = await StartServerAsync();
        var clustering = new ClusteringOptions
        {
            Provider = ClusteringProvider.Redis,
            ClusterId = "redis",
            ConnectionString = $"127.0.0.1:{port},abortConnect=false",
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

    private async Task<int> StartServerAsync()
    {
        using var reservation = PortReservation.Take(IPAddress.Loopback);
        string port = reservation.Port.ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", _directory.Path];
        try
        {
            _server = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("redis-server is not installed.");
        }

        await AnswersAsync(reservation.Port);
        return reservation.Port;
    }

    private async Task AnswersAsync(int port)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!bound.IsCancellationRequested)
        {
            Assert.IsFalse(_server!.HasExited, "redis-server ended");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, bound.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }

        Assert.Fail($"redis-server does not listen on {port}");
    }
}
