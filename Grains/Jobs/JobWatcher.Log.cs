using Microsoft.Extensions.Logging;

namespace Millrace.Jobs;

/// <summary>What the watcher logs; event ids 1060 to 1079.</summary>
internal static partial class JobWatcherLog
{
    [LoggerMessage(1060, LogLevel.Warning, "The jobs could not be looked after; tried again soon")]
    public static partial void NotWatched(this ILogger logger, Exception exception);
}
