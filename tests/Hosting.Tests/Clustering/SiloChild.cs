using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Millrace.Clustering;

/// <summary>A silo in a process of its own.</summary>
internal static class SiloChild
{
    public static async Task RunAsync(string directory)
    {
        using IHost host = TestSilo.Build(new ClusteringOptions { ClusterId = "silos", Directory = directory });
        await host.StartAsync();
        MembershipChild.Say(
            $"active {host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString()}");
        await MembershipChild.WaitForEndAsync();
        await host.StopAsync();
    }
}
