using Microsoft.Extensions.Logging;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>Every message of the task host; event ids 3000 to 3099.</summary>
internal static partial class TaskHostLog
{
    [LoggerMessage(3001, LogLevel.Information, "{Job}: deployed {Count} subtasks of '{JobName}'")]
    public static partial void Deployed(this ILogger logger, JobId job, int count, string jobName);

    [LoggerMessage(3002, LogLevel.Error, "{Subtask}: its loop broke")]
    public static partial void LoopBroke(this ILogger logger, Exception exception, string subtask);

    [LoggerMessage(3003, LogLevel.Error,
        "{Subtask} did not stop within {Timeout}: it is given up with slot {Slot}; the silo should be replaced")]
    public static partial void GivenUp(this ILogger logger, string subtask, TimeSpan timeout, int slot);
}
