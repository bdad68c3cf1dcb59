using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Millrace.Execution;
using Millrace.Slots;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Millrace.Network.Exchange.Calls;

/// <summary>Real silos in this process that have nothing but the way between them.</summary>
internal sealed class CallCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly SystemExecution _execution;

    private CallCluster(InProcessTestCluster cluster, SystemExecution execution)
    {
        _cluster = cluster;
        _execution = execution;
    }

    public static async Task<CallCluster> StartAsync(int silos)
    {
        var execution = new SystemExecution(
            new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
            silo.Services.AddSingleton(
                static provider => SiloIdentity.Of(provider.GetRequiredService<ILocalSiloDetails>()));
            silo.Services.AddPlacementDirector<SiloPinnedPlacement, SiloPinnedPlacementDirector>();
            silo.Services.AddSingleton(provider => new GrainCallTransport(
                provider.GetRequiredService<IGrainFactory>(),
                provider.GetRequiredService<SiloIdentity>().Address,
                provider.GetRequiredService<ISiloStatusOracle>(),
                execution.NewId));
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
                membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
            });
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new CallCluster(cluster, execution);
    }

    public GrainCallTransport Transport(int silo) =>
        _cluster.Silos[silo].ServiceProvider.GetRequiredService<GrainCallTransport>();

    /// <summary>As an older or newer silo would have it, at the address of one of these.</summary>
    public GrainCallTransport TransportOfVersion(int silo, int version)
    {
        IServiceProvider services = _cluster.Silos[silo].ServiceProvider;
        return new GrainCallTransport(
            services.GetRequiredService<IGrainFactory>(),
            Address(silo),
            services.GetRequiredService<ISiloStatusOracle>(),
            _execution.NewId) { Version = version };
    }

    public string Address(int silo) => _cluster.Silos[silo].SiloAddress.ToParsableString();

    public Task KillAsync(int silo) => _cluster.KillSiloAsync(_cluster.Silos[silo]);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _execution.Dispose();
    }
}
