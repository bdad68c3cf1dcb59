namespace Millrace.Connectors.Sockets;

/// <summary>Reads from a server by TCP.</summary>
public static class SocketSource
{
    /// <summary>The lines that a server sends, by one subtask.</summary>
    /// <param name="host">Name or address of the server.</param>
    /// <param name="port">Its port; 1 to 65,535.</param>
    /// <param name="configure">Sets options.</param>
    /// <remarks>A line ends at a line feed; a carriage return before that is no part of it. Lines are UTF-8; what
    /// follows the last line feed of a connection is a line too. A server cannot be asked for anything again: what was
    /// sent and not read to the end when the job failed is lost.</remarks>
    public static Source<string, SocketSplit> Lines(
        string host, int port, Action<SocketSourceOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        SocketSourceOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        return new SocketLineSource(new SocketSplit(host, port), options);
    }
}

/// <summary>A server to read from.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Its port.</param>
public sealed record SocketSplit(string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";
}
