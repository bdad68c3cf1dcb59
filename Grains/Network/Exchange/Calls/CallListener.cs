using System.Net;
using System.Threading.Channels;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Calls;

/// <summary>Connections that other silos have opened by grain calls, until they are accepted.</summary>
internal sealed class CallListener(GrainCallEndPoint endPoint, Action<CallListener> closed) : ITransportListener
{
    private const int WaitingConnections = 512;

    private readonly Channel<CallConnection> _waiting =
        Channel.CreateBounded<CallConnection>(new BoundedChannelOptions(WaitingConnections));

    /// <inheritdoc/>
    public EndPoint EndPoint => endPoint;

    /// <summary>Adds a connection. From any thread.</summary>
    /// <returns>False when too many wait, or the listener is closed.</returns>
    public bool Offer(CallConnection connection) => _waiting.Writer.TryWrite(connection);

    /// <inheritdoc/>
    public async ValueTask<ITransportConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _waiting.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        closed(this);
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out CallConnection? connection))
        {
            await connection.DisposeAsync();
        }
    }
}
