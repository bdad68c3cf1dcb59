using System.Net;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

/// <summary>TLS over the connections of another transport; both ends show a certificate.</summary>
/// <remarks>The end that accepted a connection sets TLS up when it is first read, so that one that connects and says
/// nothing does not keep others from being accepted. Whoever reads bounds the time for it.</remarks>
internal sealed class TlsTransport(ITransport inner, TlsIdentity identity) : ITransport
{
    /// <inheritdoc/>
    public ITransportListener Listen(EndPoint endPoint) => new TlsListener(inner.Listen(endPoint), identity);

    /// <inheritdoc/>
    /// <exception cref="ExchangeRefusedException">The two do not trust each other, or only one speaks TLS.</exception>
    public async ValueTask<ITransportConnection> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        ITransportConnection plain = await inner.ConnectAsync(endPoint, cancellationToken);
        TlsConnection connection = new(plain, identity, accepted: false);
        try
        {
            await connection.SetUpAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private sealed class TlsListener(ITransportListener listener, TlsIdentity identity) : ITransportListener
    {
        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ITransportConnection?> AcceptAsync(CancellationToken cancellationToken) =>
            await listener.AcceptAsync(cancellationToken) is ITransportConnection plain
                ? new TlsConnection(plain, identity, accepted: true)
                : null;

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
