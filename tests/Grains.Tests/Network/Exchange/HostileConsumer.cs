using System.Net;
using System.Net.Sockets;
using Millrace.Execution;
using Millrace.Network.Exchange.Connections;

namespace Millrace.Network.Exchange;

/// <summary>Listens like a silo, and answers as a test says.</summary>
internal sealed class HostileConsumer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SystemExecution _execution = new(
        new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);

    public HostileConsumer() => _listener.Start();

    public EndPoint EndPoint => _listener.LocalEndpoint;

    /// <summary>Accepts the next connection, without a word.</summary>
    public async Task<HostileConnection> AcceptAsync() =>
        new(await _listener.AcceptSocketAsync().WaitAsync(Patience));

    /// <summary>Accepts the next connection as one who knows the secret.</summary>
    public async Task<HostileConnection> WelcomeAsync()
    {
        HostileConnection connection = await AcceptAsync();
        await new Handshake(connection.Bytes, new ExchangeIdentity("test", "evil"), "", _execution)
            .AcceptAsync(CancellationToken.None).WaitAsync(Patience);
        return connection;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _execution.Dispose();
    }
}

/// <summary>A connection that a silo has opened to such a listener.</summary>
internal sealed class HostileConnection(Socket socket) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public SocketConnection Bytes { get; } = new(socket);

    /// <summary>Sends bytes, and then nothing more: whatever the silo waits for, the end comes instead. Reads on until
    /// the silo has closed the connection.</summary>
    /// <returns>What the silo has sent.</returns>
    public async Task<byte[]> SendAndEndAsync(byte[] bytes)
    {
        using var read = new MemoryStream();
        try
        {
            await Bytes.WriteAsync([bytes], CancellationToken.None);
            socket.Shutdown(SocketShutdown.Send);
            byte[] buffer = new byte[64 << 10];
            for (int now = -1; now != 0;)
            {
                now = await Bytes.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(Patience);
                read.Write(buffer, 0, now);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The silo had enough.
        }

        return read.ToArray();
    }

    public ValueTask DisposeAsync() => Bytes.DisposeAsync();
}
