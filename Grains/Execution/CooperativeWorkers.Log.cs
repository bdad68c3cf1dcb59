using Microsoft.Extensions.Logging;

namespace Millrace.Execution;

/// <summary>Every message of the workers; event ids 3500 to 3599.</summary>
/// <remarks>No stack: .NET gives that of another thread to a debugger only, such as dotnet-stack, from another
/// process.</remarks>
internal static partial class CooperativeWorkersLog
{
    [LoggerMessage(3501, LogLevel.Warning, "{Loop}: a step of operator {Operator} takes longer than {Limit}; the loop "
        + "keeps thread {Thread} for itself, another worker takes its place. Told once")]
    public static partial void Blocked(
        this ILogger logger, string loop, string @operator, TimeSpan limit, string thread);

    [LoggerMessage(3502, LogLevel.Warning, "{Loop}: a step of operator {Operator} takes longer than {Limit} and blocks "
        + "worker {Thread}: all {MaxBlockedThreads} threads for loops that block are taken. Told once")]
    public static partial void NoThreadLeft(
        this ILogger logger, string loop, string @operator, TimeSpan limit, string thread, int maxBlockedThreads);

    [LoggerMessage(3503, LogLevel.Information, "{Loop}: the step that took too long has ended after {Elapsed}; "
        + "{Processor} of it on a processor, the rest waiting. Told once")]
    public static partial void BlockEnded(this ILogger logger, string loop, TimeSpan elapsed, TimeSpan processor);
}
