using Microsoft.Extensions.Logging;

namespace Millrace.Slots;

/// <summary>What the resource manager logs; event ids 1100 to 1119.</summary>
internal static partial class ResourceManagerGrainLog
{
    [LoggerMessage(1100, LogLevel.Information, "Silo {Name} ({Silo}) has registered with {Slots} slots")]
    public static partial void Registered(this ILogger logger, string name, string silo, int slots);

    [LoggerMessage(1101, LogLevel.Information, "Silo {Silo} is {Status}: its slots are no longer given")]
    public static partial void Gone(this ILogger logger, string silo, SiloStatus status);

    [LoggerMessage(1102, LogLevel.Warning, "Silo {Silo} does not answer about its slots")]
    public static partial void Unreachable(this ILogger logger, Exception exception, string silo);
}
