using Microsoft.Extensions.Logging;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>What the reporter logs; event ids 1280 to 1299.</summary>
internal static partial class TaskReporterLog
{
    [LoggerMessage(1280, LogLevel.Debug, "{Count} reports could not be told to {Job}, failure {Failures} in a row")]
    public static partial void NotReported(
        this ILogger logger, Exception exception, int count, JobId job, int failures);

    [LoggerMessage(1281, LogLevel.Debug, "{Count} reports of {Epoch} of {Job} are not wanted any more")]
    public static partial void NotWanted(this ILogger logger, int count, JobId job, JobEpoch epoch);

    [LoggerMessage(1282, LogLevel.Debug, "{Attempt} got no answer of its job, failure {Failures} in a row")]
    public static partial void AnswerLate(
        this ILogger logger, Exception exception, ExecutionAttemptId attempt, int failures);

    [LoggerMessage(1283, LogLevel.Error,
        "Slot {Slot} is given up: {Attempt} did not stop within {Waited}. This silo should be replaced")]
    public static partial void SlotLost(
        this ILogger logger, int slot, ExecutionAttemptId attempt, TimeSpan waited);
}
