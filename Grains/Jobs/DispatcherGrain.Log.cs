using Microsoft.Extensions.Logging;

namespace Millrace.Jobs;

/// <summary>What the dispatcher logs; event ids 1040 to 1059.</summary>
internal static partial class DispatcherGrainLog
{
    [LoggerMessage(1040, LogLevel.Warning, "{Job} could not be asked how it is; its record is shown")]
    public static partial void NotAsked(this ILogger logger, Exception exception, JobId job);

    [LoggerMessage(1041, LogLevel.Warning, "{Job} has nobody in charge, and nobody could be found yet")]
    public static partial void NotRecovered(this ILogger logger, Exception exception, JobId job);

    [LoggerMessage(1042, LogLevel.Information, "{Job} ended long ago and is forgotten")]
    public static partial void Forgotten(this ILogger logger, JobId job);
}
