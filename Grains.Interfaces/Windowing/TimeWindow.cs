namespace Millrace.Windowing;

/// <summary>A stretch of time, in milliseconds since 1970-01-01 UTC.</summary>
/// <param name="Start">The first millisecond in it.</param>
/// <param name="End">The first one behind it.</param>
public readonly record struct TimeWindow(long Start, long End) : IWindow
{
    /// <inheritdoc/>
    public long MaxTimestamp => End - 1;

    /// <summary>The start of the stretch that a time lies in, where stretches of one size follow one another.</summary>
    /// <param name="timestamp">The time, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="offset">Where one of them starts.</param>
    /// <param name="size">Their size in milliseconds, from 1.</param>
    public static long StartOf(long timestamp, long offset, long size)
    {
        long into = (timestamp - offset) % size;
        return timestamp - (into < 0 ? into + size : into);
    }

    /// <summary>Whether two windows overlap, or one begins where the other ends.</summary>
    public bool Touches(TimeWindow other) => Start <= other.End && other.Start <= End;

    /// <summary>Makes one session of two that touch.</summary>
    /// <returns>False when they do not.</returns>
    internal static bool TryMerge(TimeWindow left, TimeWindow right, out TimeWindow merged)
    {
        merged = left.Cover(right);
        return left.Touches(right);
    }

    /// <summary>The least window that holds both.</summary>
    public TimeWindow Cover(TimeWindow other) => new(Math.Min(Start, other.Start), Math.Max(End, other.End));
}
