using Millrace.Network;
using Millrace.Network.Exchange.Calls;

namespace Millrace.Contracts;

/// <summary>Over the calls of a real cluster.</summary>
[TestClass]
public sealed class GrainCallChannelTests : RemoteChannelContract, IAsyncDisposable
{
    private static CallCluster Cluster = null!;

    private readonly TestSilo _from = Silo("S1", Cluster.Transport(0));
    private readonly TestSilo _to = Silo("S2", Cluster.Transport(1));

    private protected override (TestSilo From, TestSilo To) Silos => (_from, _to);

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => Cluster = await CallCluster.StartAsync(silos: 2);

    [ClassCleanup]
    public static async Task StopAsync() => await Cluster.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
    }
}
