using System.Net;
using Microsoft.Extensions.Logging;

namespace Millrace.Network.Exchange;

/// <summary>Every message of the exchange; event ids 3000 to 3099.</summary>
internal static partial class ConnectionExchangeLog
{
    [LoggerMessage(3001, LogLevel.Information, "Other silos send their records to {EndPoint}")]
    public static partial void Listening(this ILogger logger, EndPoint endPoint);

    [LoggerMessage(3002, LogLevel.Information, "Connected to silo {Silo} at {EndPoint}")]
    public static partial void ConnectedTo(this ILogger logger, string? silo, EndPoint endPoint);

    [LoggerMessage(3003, LogLevel.Information, "Silo {Silo} connected from {RemoteName}")]
    public static partial void ConnectedFrom(this ILogger logger, string? silo, string remoteName);

    [LoggerMessage(3004, LogLevel.Warning, "{Peer} is lost, with {Channels} channels: {Reason}")]
    public static partial void Lost(this ILogger logger, string peer, int channels, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "{Reason}")]
    public static partial void Refused(this ILogger logger, string reason);

    [LoggerMessage(3007, LogLevel.Information, "{Peer}: the connection has ended: {Reason}")]
    public static partial void Ended(this ILogger logger, string peer, string reason);

    [LoggerMessage(3006, LogLevel.Error, "Cannot accept connections of other silos at present")]
    public static partial void CannotAccept(this ILogger logger, Exception exception);
}
