using System.Net.Sockets;

namespace Millrace.Execution;

/// <summary>One TCP connection.</summary>
internal sealed class SocketConnection : ITransportConnection
{
    private readonly Socket _socket;

    public SocketConnection(Socket socket)
    {
        _socket = socket;

        // Whoever writes here has gathered what there is: nothing is gained by waiting for more.
        socket.NoDelay = true;
        RemoteName = socket.RemoteEndPoint?.ToString() ?? "unknown";
    }

    /// <inheritdoc/>
    public string RemoteName { get; }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw Broken(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        try
        {
            // A call for each part: parts are large, small ones have been joined before.
            for (int i = 0; i < parts.Count; i++)
            {
                ReadOnlyMemory<byte> rest = parts[i];
                while (rest.Length > 0)
                {
                    rest = rest[await _socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw Broken(exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private IOException Broken(Exception exception) =>
        new($"The connection to {RemoteName} broke: {exception.Message}", exception);
}
