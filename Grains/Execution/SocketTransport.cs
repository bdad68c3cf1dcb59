using System.Net;
using System.Net.Sockets;

namespace Millrace.Execution;

/// <summary>TCP sockets.</summary>
public sealed class SocketTransport : ITransport
{
    private const int WaitingConnections = 512;

    /// <inheritdoc/>
    public ITransportListener Listen(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(WaitingConnections);
            return new SocketListener(socket);
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

    private sealed class SocketListener(Socket socket) : ITransportListener
    {
        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ITransportConnection?> AcceptAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                try
                {
                    return new SocketConnection(await socket.AcceptAsync(cancellationToken));
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
    }
}
