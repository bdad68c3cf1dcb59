using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Millrace.Clustering.Endpoints;
using Orleans.Configuration;
using static Microsoft.Extensions.Hosting.Host;

namespace Millrace.Clustering;

[TestClass]
public sealed class SiloEndpointsTests
{
    [TestMethod]
    public void Without_settings_a_silo_listens_on_loopback_only_on_two_free_ports()
    {
        EndpointOptions endpoints = Build(new SiloEndpointOptions());

        Assert.AreEqual(IPAddress.Loopback, endpoints.AdvertisedIPAddress);
        Assert.AreEqual(new IPEndPoint(IPAddress.Loopback, endpoints.SiloPort), endpoints.SiloListeningEndpoint);
        Assert.AreEqual(new IPEndPoint(IPAddress.Loopback, endpoints.GatewayPort), endpoints.GatewayListeningEndpoint);
        Assert.AreNotEqual(endpoints.SiloPort, endpoints.GatewayPort);
        Assert.IsInRange(PortReservation.FirstPort, PortReservation.EndPort - 1, endpoints.SiloPort);
        Assert.IsInRange(PortReservation.FirstPort, PortReservation.EndPort - 1, endpoints.GatewayPort);
    }

    [TestMethod]
    public void What_is_set_is_used()
    {
        EndpointOptions endpoints = Build(new SiloEndpointOptions
        {
            Address = "0.0.0.0",
            AdvertisedAddress = "10.1.2.3",
            SiloPort = 4001,
            GatewayPort = 4002,
        });

        Assert.AreEqual(IPAddress.Parse("10.1.2.3"), endpoints.AdvertisedIPAddress);
        Assert.AreEqual(4001, endpoints.SiloPort);
        Assert.AreEqual(4002, endpoints.GatewayPort);
        Assert.AreEqual(new IPEndPoint(IPAddress.Any, 4001), endpoints.SiloListeningEndpoint);
        Assert.AreEqual(new IPEndPoint(IPAddress.Any, 4002), endpoints.GatewayListeningEndpoint);
    }

    [TestMethod]
    [DataRow("0.0.0.0", null, 0, 0, "AdvertisedAddress")]
    [DataRow("somewhere", null, 0, 0, "'somewhere'")]
    [DataRow("127.0.0.1", "elsewhere", 0, 0, "'elsewhere'")]
    [DataRow("127.0.0.1", null, 70_000, 0, "SiloPort is 70000")]
    [DataRow("127.0.0.1", null, 0, -1, "GatewayPort is -1")]
    [DataRow("127.0.0.1", null, 4_000, 4_000, "must differ")]
    public void What_cannot_work_is_refused_by_name(
        string address, string? advertised, int siloPort, int gatewayPort, string expected)
    {
        var options = new SiloEndpointOptions
        {
            Address = address,
            AdvertisedAddress = advertised,
            SiloPort = siloPort,
            GatewayPort = gatewayPort,
        };

        StringAssert.Contains(
            Assert.ThrowsExactly<OptionsValidationException>(() => Build(options)).Message, expected);
    }

    [TestMethod]
    public async Task Ports_reserved_at_the_same_time_differ()
    {
        const int Silos = 32;
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<PortReservation>[] taking = [.. Enumerable.Range(0, Silos).Select(async _ =>
        {
            await start.Task;
            return PortReservation.Take(IPAddress.Loopback);
        })];
        start.SetResult();
        PortReservation[] taken = await Task.WhenAll(taking);
        try
        {
            Assert.AreEqual(Silos, taken.Select(reservation => reservation.Port).Distinct().Count());
        }
        finally
        {
            Array.ForEach(taken, reservation => reservation.Dispose());
        }
    }

    [TestMethod]
    public void A_reserved_port_can_be_listened_on_and_one_that_is_listened_on_is_not_reserved()
    {
        int port;
        using TcpListener listener = Listen();

        // The lock is gone with the reservation; what keeps the port is the listener.
        using var next = PortReservation.Take(IPAddress.Loopback);
        Assert.AreNotEqual(port, next.Port);

        TcpListener Listen()
        {
            using var reservation = PortReservation.Take(IPAddress.Loopback);
            port = reservation.Port;
            var listening = new TcpListener(IPAddress.Loopback, port);
            listening.Start();
            return listening;
        }
    }

    private static EndpointOptions Build(SiloEndpointOptions options)
    {
        HostApplicationBuilder builder = CreateEmptyApplicationBuilder(settings: null);
        builder.UseOrleans(silo => silo.UseMillraceEndpoints(options));
        using ServiceProvider services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<EndpointOptions>>().Value;
    }
}
