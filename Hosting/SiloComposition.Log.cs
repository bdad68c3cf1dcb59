using Microsoft.Extensions.Logging;

namespace Millrace;

/// <summary>What a silo's own parts log without a place of their own; event ids 5100 to 5199.</summary>
internal static partial class SiloCompositionLog
{
    [LoggerMessage(5101, LogLevel.Warning, "A step takes too long and was given a thread of its own: {Loop}")]
    public static partial void LoopBlocked(this ILogger logger, string loop);
}
