using Microsoft.Extensions.Logging;
using Millrace.Jobs;

namespace Millrace.Slots;

/// <summary>What the registration of slots logs; event ids 1120 to 1139.</summary>
internal static partial class SlotRegistrationLog
{
    [LoggerMessage(1120, LogLevel.Debug, "The resource manager or a job could not be reached; tried again later")]
    public static partial void NotTold(this ILogger logger, Exception exception);

    [LoggerMessage(1121, LogLevel.Information, "{Job} is over: what it left on this silo is cleared")]
    public static partial void Clears(this ILogger logger, JobId job);
}
