using System.Net;
using System.Net.Sockets;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Somebody on the way between two silos, who passes on what they send and does as a test says. For one
/// connection at a time.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _to;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private Socket? _from;
    private Socket? _onward;
    private int _isChanging;

    /// <param name="to">Where it passes on what comes.</param>
    public Relay(IPEndPoint to)
    {
        _to = to;
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint => _listener.LocalEndpoint;

    /// <summary>Changes a bit of what the end that connected sends next.</summary>
    public void ChangeABit() => Volatile.Write(ref _isChanging, 1);

    /// <summary>Ends one direction, as a process does that will write no more: the other one stays open.</summary>
    public void EndWayThere() => _onward!.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connections of both ends, as a machine does that has forgotten them.</summary>
    public void Reset()
    {
        foreach (Socket socket in new[] { _from!, _onward! })
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _listener.Dispose();
        _from?.Dispose();
        _onward?.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _from = await _listener.AcceptSocketAsync(_stop.Token);
                _onward = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await _onward.ConnectAsync(_to, _stop.Token);
                await Task.WhenAll(PassAsync(_from, _onward, mayChange: true), PassAsync(_onward, _from, false));
            }
        }
        catch (Exception exception) when (exception
            is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool mayChange)
    {
        byte[] bytes = new byte[4_096];
        try
        {
            for (int read = 1; read > 0;)
            {
                read = await from.ReceiveAsync(bytes, _stop.Token);
                if (read > 0 && mayChange && Interlocked.Exchange(ref _isChanging, 0) == 1)
                {
                    bytes[read / 2] ^= 4;
                }

                for (int sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent, read - sent), _stop.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception
            is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the two has gone; the other learns it by what the test does.
        }
    }
}
