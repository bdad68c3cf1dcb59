namespace Millrace.Connectors.Sockets;

/// <summary>How a server is read from.</summary>
public sealed class SocketSourceOptions
{
    /// <summary>Whether the input ends when the server closes the connection. Default false: it is connected to
    /// again.</summary>
    public bool EndsWithConnection { get; set; }

    /// <summary>Tries to connect, one after the other, before the job fails. Default 10; 1 to 1,000,000.</summary>
    public int ConnectAttempts { get; set; } = 10;

    /// <summary>From a connection that failed or was closed to the next try. Default 1 s; up to 10 minutes.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that connecting may take. Default 5 s; 10 ms to 10 minutes.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the longest line. A longer one fails the job. Default 1 MB; 1 byte to 64 MB.</summary>
    public int MaxLineBytes { get; set; } = 1 << 20;

    /// <summary>Lines that wait to be read, at most; then no more is received. Default 10,000; 1 to
    /// 10,000,000.</summary>
    public int MaxQueuedLines { get; set; } = 10_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConnectAttempts);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConnectAttempts, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReconnectDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReconnectDelay, TimeSpan.FromMinutes(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(ConnectTimeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConnectTimeout, TimeSpan.FromMinutes(10));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxLineBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLineBytes, 64 << 20);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxQueuedLines);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxQueuedLines, 10_000_000);
    }
}
