using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Clustering.Endpoints;

namespace Millrace.Clustering;

/// <summary>Hosts of one silo each, as the product sets them up, on loopback and free ports.</summary>
internal static class TestSilo
{
    public static IHost Build(ClusteringOptions clustering, Action<ISiloBuilder>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            silo.UseMillraceClustering(clustering);
            silo.UseMillraceEndpoints(new SiloEndpointOptions());
            configure?.Invoke(silo);
        });
        return builder.Build();
    }
}
