using Millrace.Network;
using Millrace.Network.Exchange;

namespace Millrace.Contracts;

[TestClass]
public sealed class RemoteChannelTests : ChannelContract, IAsyncDisposable
{
    private const int Queued = 4 << 10;
    private const int Credit = 8 << 10;

    private readonly TestSilo _from = Silo("S1");
    private readonly TestSilo _to = Silo("S2");

    // What waits for credit, what credit let through, and one block beyond each of the two; 8 bytes a record.
    private protected override int MostOnTheWay => ((Queued + Credit) / 8) + (2 * 16);

    private protected override (TestSilo From, TestSilo To) Silos => (_from, _to);

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
    }


    private static TestSilo Silo(string name) => new(
        name,
        new NetworkOptions { MaxQueuedBytes = Queued },
        new ExchangeOptions { ChannelCreditBytes = Credit, ClusterSecret = "s3cret" });
}
