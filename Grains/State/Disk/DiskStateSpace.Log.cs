using Microsoft.Extensions.Logging;

namespace Millrace.State.Disk;

/// <summary>Every message about state on the disk; event ids 4800 to 4899.</summary>
internal static partial class DiskStateSpaceLog
{
    [LoggerMessage(4801, LogLevel.Information, "Removed '{Folder}', in which a dead process had kept state")]
    public static partial void LeftoverRemoved(this ILogger logger, string folder);

    [LoggerMessage(4802, LogLevel.Warning, "State that dead processes left under '{Folder}' cannot be removed")]
    public static partial void LeftoverStays(this ILogger logger, Exception exception, string folder);
}
