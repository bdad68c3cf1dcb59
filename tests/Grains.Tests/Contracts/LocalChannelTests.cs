using Millrace.Network;

namespace Millrace.Contracts;

[TestClass]
public sealed class LocalChannelTests : ChannelContract, IAsyncDisposable
{
    private readonly TestSilo _silo = new(network: new NetworkOptions { MaxQueuedBatches = 8 });

    // Eight batches wait, and one is being filled.
    private protected override int MostOnTheWay => 9 * 16;

    private protected override (TestSilo From, TestSilo To) Silos => (_silo, _silo);

    public ValueTask DisposeAsync() => _silo.DisposeAsync();
}
