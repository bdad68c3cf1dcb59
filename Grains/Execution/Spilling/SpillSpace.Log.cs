using Microsoft.Extensions.Logging;

namespace Millrace.Execution.Spilling;

/// <summary>Every message about spilled data; event ids 4700 to 4799.</summary>
internal static partial class SpillSpaceLog
{
    [LoggerMessage(4701, LogLevel.Information, "Removed '{Folder}', which a dead process had spilled")]
    public static partial void LeftoverRemoved(this ILogger logger, string folder);

    [LoggerMessage(4702, LogLevel.Warning, "What dead processes spilled under '{Folder}' cannot be removed")]
    public static partial void LeftoverStays(this ILogger logger, Exception exception, string folder);
}
