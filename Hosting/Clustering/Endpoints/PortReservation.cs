using System.Net;
using System.Net.Sockets;
using Millrace.Clustering.Files;

namespace Millrace.Clustering.Endpoints;

/// <summary>
/// A free port that no other Millrace process on this machine takes as long as this object is not disposed.
/// </summary>
/// <remarks>
/// A silo must know its port before it listens. Between choosing and listening, a file lock keeps other silos away, and
/// the range keeps the system away, which gives out the ports of connections above it. Only a program that asks for
/// that
/// very port can come between.
/// </remarks>
internal sealed class PortReservation : IDisposable
{
    /// <summary>Below the ports that Linux (32,768), Windows and macOS (49,152) give to outgoing connections.</summary>
    public const int FirstPort = 20_000;

    /// <summary>One past the last port that is tried.</summary>
    public const int EndPort = 30_000;

    private readonly FileStream _lock;

    private PortReservation(int port, FileStream held)
    {
        Port = port;
        _lock = held;
    }

    public int Port { get; }

    /// <exception cref="IOException">All ports of the range are taken.</exception>
    public static PortReservation Take(IPAddress address)
    {
        string directory = Path.Combine(Path.GetTempPath(), $"millrace-ports-{Environment.UserName}");
        Directory.CreateDirectory(directory);

        // Processes started together begin far apart, so that they seldom meet.
        int count = EndPort - FirstPort;
        int first = (int)(unchecked((uint)Environment.ProcessId * 2_654_435_761u) % (uint)count);
        for (int tried = 0; tried < count; tried++)
        {
            int port = FirstPort + ((first + tried) % count);
            FileStream? held = FileLock.TryAcquire(Path.Combine(directory, $"{port}.lock"));
            if (held is null)
            {
                continue;
            }

            if (CanListen(address, port))
            {
                return new PortReservation(port, held);
            }

            held.Dispose();
        }

        throw new IOException($"No free port between {FirstPort} and {EndPort - 1} on {address}.");
    }

    public void Dispose() => _lock.Dispose();

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AddressAlreadyInUse
            or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
