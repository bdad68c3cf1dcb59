using Microsoft.Extensions.Logging;
using Millrace.Checkpointing.Statistics;

namespace Millrace.Jobs;

/// <summary>What the driving of jobs logs; event ids 1000 to 1039.</summary>
internal static partial class JobDriverLog
{
    [LoggerMessage(1000, LogLevel.Information, "{Job} '{Name}': {Before} -> {After}")]
    public static partial void StatusChanged(
        this ILogger logger, JobId job, string name, JobStatus before, JobStatus after);

    [LoggerMessage(1001, LogLevel.Error, "{Job}: {What} could not be handled; another job grain has to take over")]
    public static partial void Broken(this ILogger logger, Exception exception, JobId job, string what);

    [LoggerMessage(1002, LogLevel.Warning, "{Job}: its record could not be written, failure {Failures} in a row")]
    public static partial void RecordNotWritten(this ILogger logger, Exception exception, JobId job, int failures);

    [LoggerMessage(1003, LogLevel.Error, "{Job}: its record is damaged; nothing more can be done for it")]
    public static partial void RecordDamaged(this ILogger logger, Exception exception, JobId job);

    [LoggerMessage(1004, LogLevel.Warning, "{Job}: the {Order} may not have reached {Silo}")]
    public static partial void OrderLost(
        this ILogger logger, Exception exception, JobId job, string order, string silo);

    [LoggerMessage(1005, LogLevel.Debug, "{Job}: an order is repeated after failure {Failures}")]
    public static partial void OrderRepeated(this ILogger logger, Exception exception, JobId job, int failures);

    [LoggerMessage(1006, LogLevel.Warning, "{Job}: what it left behind could not be removed: {Failure}")]
    public static partial void NotAborted(this ILogger logger, JobId job, string failure);

    [LoggerMessage(1007, LogLevel.Warning, "{Job} '{Name}': {Epoch} has taken over from silo {Owner}")]
    public static partial void TakenOver(
        this ILogger logger, JobId job, string name, JobEpoch epoch, string owner);

    [LoggerMessage(1008, LogLevel.Information, "{Job}: {Epoch} is not in charge any more")]
    public static partial void SteppedDown(this ILogger logger, JobId job, JobEpoch epoch);

    [LoggerMessage(1009, LogLevel.Warning, "{Job}: {What} could not be read, failure {Failures} in a row")]
    public static partial void CheckpointNotRead(
        this ILogger logger, Exception exception, JobId job, string what, int failures);

    [LoggerMessage(
        1016,
        LogLevel.Warning,
        "{Job}: region {Regions} ({Subtasks} subtasks) runs again in {Delay} as attempt {Attempt}, and "
            + "all else goes on: {Failure}")]
    public static partial void RegionsRestart(
        this ILogger logger,
        JobId job,
        string regions,
        int subtasks,
        int attempt,
        TimeSpan delay,
        string failure);

    [LoggerMessage(1013, LogLevel.Information, "{Job}: checkpoint {Number} is complete, {Bytes} bytes in {Duration}")]
    public static partial void CheckpointCompleted(
        this ILogger logger, JobId job, long number, long bytes, TimeSpan duration);

    [LoggerMessage(1014, LogLevel.Warning, "{Job}: checkpoint {Number} has failed ({Reason}): {Failure}")]
    public static partial void CheckpointGivenUp(
        this ILogger logger, JobId job, long number, CheckpointFailureReason reason, string failure);

    [LoggerMessage(1010, LogLevel.Error, "{Job}: checkpoint {Number} cannot be gone on from: {Finding}")]
    public static partial void CheckpointDamaged(this ILogger logger, JobId job, long number, string finding);

    [LoggerMessage(1011, LogLevel.Warning, "{Job}: goes on from the earlier checkpoint {Number}")]
    public static partial void FellBack(this ILogger logger, JobId job, long number);

    [LoggerMessage(
        1012,
        LogLevel.Warning,
        "{Job}: goes on from the earlier checkpoint {Number}; results that are visible already will appear again")]
    public static partial void FellBackAndRepeats(this ILogger logger, JobId job, long number);
}
