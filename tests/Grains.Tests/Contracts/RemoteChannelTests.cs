using Millrace.Execution;
using Millrace.Network;

namespace Millrace.Contracts;

[TestClass]
public sealed class RemoteChannelTests : RemoteChannelContract, IAsyncDisposable
{
    private readonly TestSilo _from = Silo("S1", new SocketTransport());
    private readonly TestSilo _to = Silo("S2", new SocketTransport());

    private protected override (TestSilo From, TestSilo To) Silos => (_from, _to);

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
    }
}
