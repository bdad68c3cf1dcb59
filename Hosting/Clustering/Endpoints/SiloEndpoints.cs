using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Millrace.Clustering.Endpoints;

/// <summary>The ports of a silo: reserved until it listens on them.</summary>
internal sealed class SiloEndpoints : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly IPAddress _listening;
    private readonly IPAddress _advertised;
    private readonly List<PortReservation> _reservations = [];

    private SiloEndpoints(SiloEndpointOptions options)
    {
        (_listening, _advertised) = options.Resolve();
        SiloPort = options.SiloPort != 0 ? options.SiloPort : Reserve();
        GatewayPort = options.GatewayPort != 0 ? options.GatewayPort : Reserve();
    }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    public static void Use(ISiloBuilder silo, SiloEndpointOptions options)
    {
        var endpoints = new SiloEndpoints(options);
        silo.Configure<EndpointOptions>(endpoints.Set);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(endpoints);
    }

    void ILifecycleParticipant<ISiloLifecycle>.Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloEndpoints), ServiceLifecycleStage.Active, Release);
        lifecycle.Subscribe(nameof(SiloEndpoints), ServiceLifecycleStage.First, _ => Task.CompletedTask, Release);
    }

    private void Set(EndpointOptions options)
    {
        options.AdvertisedIPAddress = _advertised;
        options.SiloPort = SiloPort;
        options.GatewayPort = GatewayPort;
        options.SiloListeningEndpoint = new IPEndPoint(_listening, SiloPort);
        options.GatewayListeningEndpoint = new IPEndPoint(_listening, GatewayPort);
    }

    private int Reserve()
    {
        var reservation = PortReservation.Take(_listening);
        _reservations.Add(reservation);
        return reservation.Port;
    }

    /// <summary>An active silo listens: its sockets hold the ports. One that failed to start needs none.</summary>
    private Task Release(CancellationToken cancellationToken)
    {
        _reservations.ForEach(reservation => reservation.Dispose());
        _reservations.Clear();
        return Task.CompletedTask;
    }
}
