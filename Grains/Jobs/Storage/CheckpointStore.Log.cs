using Microsoft.Extensions.Logging;

namespace Millrace.Jobs.Storage;

internal static partial class CheckpointStoreLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Files of a checkpoint of job {Job} could not be removed.")]
    public static partial void CheckpointNotRemoved(
        this ILogger<CheckpointStore> logger, Exception exception, JobId job);
}
