using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Clustering.Endpoints;
using Orleans.Configuration;
using static Microsoft.Extensions.Hosting.Host;

namespace Millrace.Clustering;

/// <summary>A host of one silo, as the product sets it up, on loopback and free ports.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private UnpluggableTable? _table;

    private TestSilo(IHost host) => Host = host;

    public IHost Host { get; }

    public SiloAddress Address => Host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    public IClusterMembershipService Membership => Host.Services.GetRequiredService<IClusterMembershipService>();

    public IHostApplicationLifetime Lifetime => Host.Services.GetRequiredService<IHostApplicationLifetime>();

    public static TestSilo Build(ClusteringOptions clustering)
    {
        HostApplicationBuilder builder = CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Critical);
        UnpluggableTable? unpluggable = null;
        builder.UseOrleans(silo =>
        {
            silo.UseMillraceClustering(clustering).UseMillraceEndpoints(new SiloEndpointOptions()).StopOnFatalError();
            ServiceDescriptor table = silo.Services.Last(service => service.ServiceType == typeof(IMembershipTable));
            silo.Services.AddSingleton<IMembershipTable>(services => unpluggable = new UnpluggableTable(
                (IMembershipTable)(table.ImplementationInstance
                    ?? table.ImplementationFactory?.Invoke(services)
                    ?? ActivatorUtilities.CreateInstance(services, table.ImplementationType!))));
        });
        var silo = new TestSilo(builder.Build());
        _ = silo.Host.Services.GetRequiredService<IMembershipTable>();
        silo._table = unpluggable;
        return silo;
    }

    public static async Task<TestSilo> StartAsync(ClusteringOptions clustering)
    {
        TestSilo silo = Build(clustering);
        await silo.Host.StartAsync().WaitAsync(Bound);
        return silo;
    }

    /// <summary>Stops as a killed process does: sockets close, and neither the table nor other silos are
    /// told.</summary>
    public async Task CrashAsync()
    {
        _table!.Unplug();
        Host.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value.UseLivenessGossip = false;
        await Host.StopAsync(new CancellationToken(canceled: true));
    }

    /// <summary>Waits until this silo sees <paramref name="active"/> active and <paramref name="dead"/> dead.</summary>
    public async Task SeesAsync(SiloAddress[] active, params SiloAddress[] dead)
    {
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            await foreach (ClusterMembershipSnapshot view in
                Membership.MembershipUpdates.WithCancellation(bound.Token))
            {
                if (dead.All(silo => view.GetSiloStatus(silo) == SiloStatus.Dead) && ActiveIn(view).SetEquals(active))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(
                $"Within {Bound} silo {Address} did not see as active {Print(active)} and as dead {Print(dead)}; it "
                + "sees " + Print(Membership.CurrentSnapshot.Members.Values));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        await ((IAsyncDisposable)Host).DisposeAsync();
    }

    private static HashSet<SiloAddress> ActiveIn(ClusterMembershipSnapshot view) => [.. view.Members.Values
        .Where(member => member.Status == SiloStatus.Active)
        .Select(member => member.SiloAddress)];

    private static string Print<T>(IEnumerable<T> values) => $"[{string.Join(", ", values)}]";
}
