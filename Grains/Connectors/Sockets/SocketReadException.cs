using Millrace.Failures;

namespace Millrace.Connectors.Sockets;

/// <summary>A server cannot be read from.</summary>
/// <param name="server">Host and port.</param>
/// <param name="reason">What was seen, and what is needed.</param>
/// <param name="recovery">Whether running again may help.</param>
/// <param name="innerException">What the system said.</param>
[GenerateSerializer, Alias("millrace.SocketReadException")]
public sealed class SocketReadException(
    string server, string reason, Recovery recovery, Exception? innerException = null)
    : StreamingException($"Server {server} cannot be read from: {reason}", innerException)
{
    /// <inheritdoc/>
    [Id(0)]
    public override Recovery Recovery { get; } = recovery;
}
