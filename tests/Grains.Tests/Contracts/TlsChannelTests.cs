using Millrace.Execution;
using Millrace.Network;
using Millrace.Network.Exchange.Tls;

namespace Millrace.Contracts;

[TestClass]
public sealed class TlsChannelTests : RemoteChannelContract, IAsyncDisposable
{
    private readonly TlsFiles _files = new();
    private readonly TestSilo _from;
    private readonly TestSilo _to;

    public TlsChannelTests()
    {
        _from = Silo("S1", new TlsTransport(new SocketTransport(), _files.Signed("S1").Read()));
        _to = Silo("S2", new TlsTransport(new SocketTransport(), _files.Signed("S2").Read()));
    }

    private protected override (TestSilo From, TestSilo To) Silos => (_from, _to);

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
        _files.Dispose();
    }
}
