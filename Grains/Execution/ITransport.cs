using System.Net;

namespace Millrace.Execution;

/// <summary>Opens and accepts connections: sockets, or their simulation.</summary>
public interface ITransport
{
    /// <summary>Accepts connections.</summary>
    /// <param name="endPoint">For sockets address and port; port 0 for any free one.</param>
    ITransportListener Listen(EndPoint endPoint);

    /// <summary>Opens a connection to where <see cref="ITransportListener.EndPoint"/> of another silo says.</summary>
    /// <exception cref="IOException">Nobody answers there.</exception>
    ValueTask<ITransportConnection> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken);
}

/// <summary>Accepts connections until it is disposed.</summary>
public interface ITransportListener : IAsyncDisposable
{
    /// <summary>Where it listens; for sockets with the real port.</summary>
    EndPoint EndPoint { get; }

    /// <summary>The next connection, or null once the listener is disposed.</summary>
    ValueTask<ITransportConnection?> AcceptAsync(CancellationToken cancellationToken);
}

/// <summary>A duplex stream of bytes. One reader and one writer at a time; disposal breaks both.</summary>
public interface ITransportConnection : IAsyncDisposable
{
    /// <summary>The other end, for logs.</summary>
    string RemoteName { get; }

    /// <summary>Reads what is there, at least one byte. Whoever awaits it may go on on a thread that serves other
    /// connections too, and so does not block.</summary>
    /// <returns>Number of bytes; zero when the other end closed.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes all bytes of all parts, in order.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken);
}
