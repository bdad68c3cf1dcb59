using Millrace.Connectors.RateLimits;

namespace Millrace.Connectors;

/// <summary>Slows sources down.</summary>
public static class SourceRateLimits
{
    /// <summary>The same source, read no faster than at a rate.</summary>
    /// <param name="source">The source.</param>
    /// <param name="recordsPerSecond">Records per second over all subtasks, each of which has an equal share; greater
    /// than zero.</param>
    /// <remarks>What was held back is caught up with at once, as far as it is not more than comes in a
    /// second.</remarks>
    public static Source<T, TSplit> WithRateLimit<T, TSplit>(this Source<T, TSplit> source, double recordsPerSecond)
    {
        ArgumentNullException.ThrowIfNull(source);
        return recordsPerSecond > 0 && double.IsFinite(recordsPerSecond)
            ? new RateLimitedSource<T, TSplit>(source, recordsPerSecond)
            : throw new ArgumentOutOfRangeException(
                nameof(recordsPerSecond), recordsPerSecond, "A rate greater than zero is needed.");
    }
}
