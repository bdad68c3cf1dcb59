using Millrace.Failures;

namespace Millrace.Windowing;

/// <summary>Sizes, gaps and offsets of windows in milliseconds, or a refusal that names them.</summary>
internal static class WindowSpans
{
    // A time a thousand years from now still has room for the largest window behind it.
    private const long MostMilliseconds = 1L << 52;

    /// <summary>A length of time.</summary>
    public static long Length(string what, TimeSpan value)
    {
        long milliseconds = Whole(what, value);
        return milliseconds is > 0 and <= MostMilliseconds
            ? milliseconds
            : throw new InvalidProgramGraphException($"{what} is {value}: it must be greater than zero, and {Most}.");
    }

    /// <summary>A length of time that may be zero.</summary>
    public static long LengthOrZero(string what, TimeSpan value)
    {
        long milliseconds = Whole(what, value);
        return milliseconds is >= 0 and <= MostMilliseconds
            ? milliseconds
            : throw new InvalidProgramGraphException($"{what} is {value}: it must be zero or greater, and {Most}.");
    }

    /// <summary>A number of records.</summary>
    public static long Count(string what, long value) => value > 0
        ? value
        : throw new InvalidProgramGraphException($"{what} is {value}: at least 1 record is needed.");

    /// <summary>Where windows begin, which repeats after a period.</summary>
    public static long Offset(string what, TimeSpan value, long period)
    {
        long milliseconds = Whole(what, value);
        return Math.Abs(milliseconds) < period
            ? milliseconds
            : throw new InvalidProgramGraphException(
                $"{what} is {value}: it must lie between {TimeSpan.FromMilliseconds(-period)} and " +
                $"{TimeSpan.FromMilliseconds(period)}, both excluded.");
    }

    private static string Most => $"at most {MostMilliseconds} ms";

    private static long Whole(string what, TimeSpan value) => value.Ticks % TimeSpan.TicksPerMillisecond == 0
        ? value.Ticks / TimeSpan.TicksPerMillisecond
        : throw new InvalidProgramGraphException($"{what} is {value}: windows are cut by whole milliseconds.");
}
