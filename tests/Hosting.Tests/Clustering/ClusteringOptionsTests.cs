using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using static Microsoft.Extensions.Hosting.Host;

namespace Millrace.Clustering;

[TestClass]
public sealed class ClusteringOptionsTests
{
    [TestMethod]
    public void Options_are_read_from_their_section_and_keep_defaults_elsewhere()
    {
        ClusteringOptions options = ClusteringOptions.From(Configuration(
            ("Provider", "redis"),
            ("ClusterId", "blue"),
            ("ConnectionString", "localhost:6379"),
            ("Membership:ProbeTimeout", "00:00:03"),
            ("Membership:Votes", "3")));

        Assert.AreEqual(ClusteringProvider.Redis, options.Provider);
        Assert.AreEqual("blue", options.ClusterId);
        Assert.AreEqual("millrace", options.ServiceId);
        Assert.AreEqual("localhost:6379", options.ConnectionString);
        Assert.AreEqual(TimeSpan.FromSeconds(3), options.Membership.ProbeTimeout);
        Assert.AreEqual(3, options.Membership.Votes);
        Assert.AreEqual(2, options.Membership.MissedProbes);
    }

    [TestMethod]
    public void A_provider_that_does_not_exist_is_refused_with_those_that_do()
    {
        OptionsValidationException error = Assert.ThrowsExactly<OptionsValidationException>(
            () => ClusteringOptions.From(Configuration(("Provider", "Zookeeper"))));

        StringAssert.Contains(error.Message, "Millrace:Clustering:Provider");
        StringAssert.Contains(error.Message, "Zookeeper");
        StringAssert.Contains(error.Message, "File");
        StringAssert.Contains(error.Message, "Redis");
    }

    [TestMethod]
    [DataRow("Provider", "AzureBlob", "not available yet", "supported are File")]
    [DataRow("Provider", "AzureStorage", "Millrace:Clustering:ConnectionString is missing", "AzureStorage")]
    [DataRow("Provider", "InProcess", "ClusteringOptions.InProcess", "takes File")]
    [DataRow("Provider", "Redis", "Millrace:Clustering:ConnectionString is missing", "Redis")]
    [DataRow("Provider", "AdoNet", "Millrace:Clustering:Invariant is missing", "ConnectionString")]
    [DataRow("Provider", "File", "Millrace:Clustering:Directory is missing", "File")]
    [DataRow("ClusterId", "", "Millrace:Clustering:ClusterId", "printable")]
    [DataRow("ServiceId", " ", "Millrace:Clustering:ServiceId", "printable")]
    [DataRow("LockTimeout", "00:00:00", "Millrace:Clustering:LockTimeout is 00:00:00", "00:05:00")]
    [DataRow("Membership:ProbeTimeout", "00:00:00.1", "Membership:ProbeTimeout is 00:00:00.1", "00:01:00")]
    [DataRow("Membership:MaxProbeTimeout", "00:00:00.9", "Membership:MaxProbeTimeout", "00:00:01")]
    [DataRow("Membership:MissedProbes", "0", "Membership:MissedProbes is 0", "between 1")]
    [DataRow("Membership:Votes", "11", "Membership:Votes is 11", "10")]
    [DataRow("Membership:HeartbeatPeriod", "1.00:00:00", "Membership:HeartbeatPeriod", "00:05:00")]
    [DataRow("Membership:TableRefresh", "0", "Membership:TableRefresh", "00:05:00")]
    [DataRow("Membership:JoinTimeout", "0", "Membership:JoinTimeout", "01:00:00")]
    [DataRow("Membership:CallTimeout", "0", "Membership:CallTimeout", "00:10:00")]
    [DataRow("Membership:GrainIdleAge", "0", "Membership:GrainIdleAge", "00:02:00")]
    public void A_setting_that_cannot_work_is_refused_for_silos_and_clients(
        string key, string value, string first, string second)
    {
        ClusteringOptions options = ClusteringOptions.From(Configuration((key, value)));
        HostApplicationBuilder builder = CreateEmptyApplicationBuilder(settings: null);

        OptionsValidationException[] errors =
        [
            Assert.ThrowsExactly<OptionsValidationException>(
                () => builder.UseOrleans(silo => silo.UseMillraceClustering(options))),
            Assert.ThrowsExactly<OptionsValidationException>(
                () => CreateEmptyApplicationBuilder(settings: null)
                    .UseOrleansClient(client => client.UseMillraceClustering(options))),
        ];

        foreach (OptionsValidationException error in errors)
        {
            StringAssert.Contains(error.Message, first);
            StringAssert.Contains(error.Message, second);
        }
    }

    [TestMethod]
    [DataRow(ClusteringProvider.File, 1)]
    [DataRow(ClusteringProvider.InProcess, 1)]
    [DataRow(ClusteringProvider.Redis, 2)]
    [DataRow(ClusteringProvider.AdoNet, 2)]
    public void Every_provider_gets_the_same_settings_but_for_the_votes(ClusteringProvider provider, int votes)
    {
        using IHost host = BuildSilo(provider);

        ClusterOptions cluster = Get<ClusterOptions>(host);
        Assert.AreEqual("blue", cluster.ClusterId);
        Assert.AreEqual("millrace", cluster.ServiceId);
        ClusterMembershipOptions membership = Get<ClusterMembershipOptions>(host);
        Assert.AreEqual(TimeSpan.FromSeconds(1), membership.ProbeTimeout);
        Assert.AreEqual(TimeSpan.FromSeconds(4), membership.MaxProbeTimeout);
        Assert.AreEqual(2, membership.NumMissedProbesLimit);
        Assert.AreEqual(votes, membership.NumVotesForDeathDeclaration);
        Assert.AreEqual(TimeSpan.FromSeconds(2), membership.TableRefreshTimeout);
        Assert.AreEqual(TimeSpan.FromSeconds(2), membership.IAmAliveTablePublishTimeout);
        Assert.AreEqual(TimeSpan.FromSeconds(20), Get<SiloMessagingOptions>(host).ResponseTimeout);
        Assert.AreEqual(TimeSpan.FromHours(2), Get<GrainCollectionOptions>(host).CollectionAge);
        Assert.AreEqual(TimeSpan.Zero, Get<GrainDirectoryOptions>(host).RangeLeaseDuration);
        Assert.IsNotNull(host.Services.GetService<IMembershipTable>());
    }

    // By name: the types are internal to Orleans. The name of the one that is always there shows that names are right.
    [TestMethod]
    public void Nothing_moves_activations_between_silos()
    {
        HostApplicationBuilder builder = CreateEmptyApplicationBuilder(settings: null);
        builder.UseOrleans(silo => silo.UseMillraceClustering(Options(ClusteringProvider.InProcess)));

        string[] services = [.. builder.Services.Select(service => service.ServiceType.FullName ?? "")];
        Assert.IsTrue(services.Any(service => service.EndsWith(".IMembershipTable", StringComparison.Ordinal)));
        Assert.IsFalse(services.Any(service => service.Contains("ActivationRebalancer", StringComparison.Ordinal)));
        Assert.IsFalse(services.Any(service => service.Contains("ActivationRepartitioner", StringComparison.Ordinal)));
    }

    private static IHost BuildSilo(ClusteringProvider provider)
    {
        HostApplicationBuilder builder = CreateEmptyApplicationBuilder(settings: null);
        builder.UseOrleans(silo => silo.UseMillraceClustering(Options(provider)));
        return builder.Build();
    }

    private static ClusteringOptions Options(ClusteringProvider provider) => new()
    {
        Provider = provider,
        ClusterId = "blue",
        Directory = "nowhere",
        InProcess = new InProcessMembership(),
        ConnectionString = "localhost:1",
        Invariant = "Npgsql",
    };

    private static T Get<T>(IHost host)
        where T : class => host.Services.GetRequiredService<IOptions<T>>().Value;

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(
                setting => $"Millrace:Clustering:{setting.Key}", setting => (string?)setting.Value))
            .Build();
}
