using Microsoft.Extensions.Logging;

namespace Millrace.Clustering;

/// <summary>Every message about silos that stop themselves; event ids 9010 to 9019.</summary>
internal static partial class StopSiloOnFatalErrorLog
{
    [LoggerMessage(9010, LogLevel.Error, "Fatal error from {Sender}, this silo stops: {Context}")]
    public static partial void StoppingSilo(this ILogger logger, Exception? exception, string sender, string context);

    [LoggerMessage(9011, LogLevel.Warning, "The silo did not stop cleanly after a fatal error")]
    public static partial void StoppingFailed(this ILogger logger, Exception exception);
}
