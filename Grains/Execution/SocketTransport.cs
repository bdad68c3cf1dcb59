using System.Net;
using System.Net.Sockets;
using Millrace.Execution.Polling;

namespace Millrace.Execution;

/// <summary>TCP sockets.</summary>
/// <remarks>On Linux whoever awaits a read goes on, when bytes have come, on a thread that waits for many connections:
/// he does not block. Elsewhere he goes on on the pool.</remarks>
public sealed class SocketTransport : ITransport
{
    private const int WaitingConnections = 512;

    private readonly bool _isPolled;

    /// <summary>Sockets in the way that suits the system.</summary>
    public SocketTransport()
        : this(ReadyList.IsSupported)
    {
    }

    internal SocketTransport(bool isPolled) => _isPolled = isPolled;

    /// <inheritdoc/>
    public ITransportListener Listen(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(WaitingConnections);
            return new SocketListener(socket, _isPolled);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"Cannot listen on {endPoint}: {exception.Message}.", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ITransportConnection> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (_isPolled && endPoint is IPEndPoint address)
            {
                return await PolledConnection.ConnectAsync(socket, address, cancellationToken);
            }

            await socket.ConnectAsync(endPoint, cancellationToken);
            return new SocketConnection(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"Nobody answers at {endPoint}: {exception.Message}.", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class SocketListener(Socket socket, bool isPolled) : ITransportListener
    {
        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ITransportConnection?> AcceptAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                try
                {
                    return Accepted(await socket.AcceptAsync(cancellationToken));
                }
                catch (ObjectDisposedException)
                {
                    return null;
                }
                catch (SocketException exception) when (exception.SocketErrorCode is
                    SocketError.OperationAborted or SocketError.Interrupted or SocketError.NotSocket
                    or SocketError.InvalidArgument)
                {
                    return null;
                }
                catch (SocketException exception) when (exception.SocketErrorCode is
                    SocketError.ConnectionReset or SocketError.ConnectionAborted)
                {
                    // The other end went away between connecting and being accepted: the next one may be better.
                }
                catch (SocketException exception)
                {
                    throw new IOException($"Cannot accept on {EndPoint}: {exception.Message}.", exception);
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }

        private ITransportConnection Accepted(Socket accepted) => isPolled
            ? new PolledConnection(accepted, accepted.RemoteEndPoint?.ToString() ?? "unknown")
            : new SocketConnection(accepted);
    }
}
