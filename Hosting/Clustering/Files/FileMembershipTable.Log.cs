using Microsoft.Extensions.Logging;

namespace Millrace.Clustering.Files;

/// <summary>Every message of the file table; event ids 9000 to 9009.</summary>
internal static partial class FileMembershipTableLog
{
    [LoggerMessage(
        9000,
        LogLevel.Information,
        "Declaring silo {Silo} dead, which the table has as {Status}: its process {ProcessId} is gone")]
    public static partial void FoundGone(this ILogger logger, SiloAddress silo, SiloStatus status, int processId);
}
