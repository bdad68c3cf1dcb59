using Microsoft.Extensions.Logging;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>What is logged of copies on the disk; event ids 3460 to 3469.</summary>
internal static partial class LocalCopiesLog
{
    [LoggerMessage(3460, LogLevel.Information, "'{Folder}' was left by a dead process and is removed")]
    public static partial void LeftoverRemoved(this ILogger logger, string folder);

    [LoggerMessage(3461, LogLevel.Warning, "What dead processes left in '{Folder}' could not be looked at")]
    public static partial void LeftoverStays(this ILogger logger, Exception exception, string folder);

    [LoggerMessage(3462, LogLevel.Warning, "'{File}' is not copied to this silo's disk")]
    public static partial void NotCopied(this ILogger logger, Exception exception, string file);

    [LoggerMessage(3463, LogLevel.Warning, "The copy of '{File}' on this silo's disk is not used: {Finding}")]
    public static partial void Damaged(this ILogger logger, string file, string finding);
}
