using Microsoft.Extensions.Logging;

namespace Millrace.Jobs.Storage;

internal static partial class CheckpointStoreLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Files of a checkpoint of job {Job} could not be removed.")]
    public static partial void CheckpointNotRemoved(
        this ILogger<CheckpointStore> logger, Exception exception, JobId job);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "{Files} files were removed that checkpoints of job {Job} had left behind.")]
    public static partial void LeftoversRemoved(this ILogger<CheckpointStore> logger, JobId job, int files);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "It could not be noted with checkpoint {Number} of job {Job} that its results are visible.")]
    public static partial void CommitNotMarked(
        this ILogger<CheckpointStore> logger, Exception exception, JobId job, long number);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Job {Job} goes on from '{Path}' and leaves behind: {Left}.")]
    public static partial void LeftBehind(
        this ILogger<CheckpointStore> logger, JobId job, string path, string left);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} goes on from '{Path}'. {Unknown}")]
    public static partial void NotTold(
        this ILogger<CheckpointStore> logger, JobId job, string path, string unknown);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What job {Job} has no use for any more of a savepoint is left in '{Folder}'.")]
    public static partial void SavepointNotRemoved(
        this ILogger<CheckpointStore> logger, Exception exception, JobId job, string folder);
}
