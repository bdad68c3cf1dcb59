namespace Millrace.Processes;

/// <summary>Every message of a silo's process; event ids 5000 to 5099.</summary>
internal static partial class SiloProcessLog
{
    [LoggerMessage(5001, LogLevel.Information, "{Silo} is active in {Cluster}, process {Pid}")]
    public static partial void Active(this ILogger logger, string silo, string cluster, int pid);

    [LoggerMessage(5002, LogLevel.Information, "{Silo} has left the cluster")]
    public static partial void Stopped(this ILogger logger, string silo);

    [LoggerMessage(5003, LogLevel.Critical, "The configuration cannot work: {Problem}")]
    public static partial void WrongConfiguration(this ILogger logger, string problem);

    [LoggerMessage(5004, LogLevel.Critical, "The silo failed")]
    public static partial void Failed(this ILogger logger, Exception exception);

    [LoggerMessage(5005, LogLevel.Critical, "The process ends by an error nobody handled")]
    public static partial void Crashed(this ILogger logger, Exception? exception);
}
