using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Clustering;
using Millrace.Clustering.Endpoints;

namespace Millrace.Pairs.Calls;

/// <summary>An Orleans silo with the settings that every silo has, in one of two processes.</summary>
internal sealed class SiloEnd : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IHost _host;

    /// <summary>Starts it.</summary>
    /// <param name="directory">Where the silos find each other.</param>
    public SiloEnd(string directory)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.UseOrleans(silo => silo
            .UseMillraceClustering(new ClusteringOptions { Directory = directory, ClusterId = "benchmarks" })
            .UseMillraceEndpoints(new SiloEndpointOptions()));
        _host = builder.Build();
        _host.StartAsync().WaitAsync(Patience, TimeProvider.System).GetAwaiter().GetResult();
    }

    /// <summary>Calls grains from this silo.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Where a silo says that it is.</summary>
    public string Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();

    /// <inheritdoc/>
    public void Dispose()
    {
        _host.StopAsync().WaitAsync(Patience, TimeProvider.System).GetAwaiter().GetResult();
        _host.Dispose();
    }
}
