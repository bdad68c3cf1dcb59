using Microsoft.Extensions.Logging;
using Millrace.Jobs;

namespace Millrace.UserCode;

/// <summary>Every message about the code of jobs; event ids 3600 to 3699.</summary>
internal static partial class JobProgramsLog
{
    [LoggerMessage(3601, LogLevel.Debug, "{JobId}: loaded class {ClassName} of package {PackageId}")]
    public static partial void Loaded(this ILogger logger, JobId jobId, PackageId packageId, string className);

    [LoggerMessage(3602, LogLevel.Debug, "{JobId}: unloaded its code")]
    public static partial void Unloaded(this ILogger logger, JobId jobId);
}
