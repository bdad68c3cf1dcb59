using Millrace.Failures;

namespace Millrace.Windowing;

/// <summary>Sizes, gaps and offsets of windows in milliseconds, or a refusal that names them.</summary>
internal static class WindowSpans
{
    /// <summary>Windows that one record may belong to. Putting a record into them is one step, in which nothing else is
    /// done: no checkpoint begins, and no cancellation is heard.</summary>
    public const int MostOfRecord = 100_000;

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

    /// <summary>Windows of one size that overlap.</summary>
    public static TimeSlices Sliding(TimeSpan size, TimeSpan slide, TimeSpan offset)
    {
        long milliseconds = Length("The size of sliding windows", size);
        long step = Length("The slide of sliding windows", slide);
        long windows = ((milliseconds - 1) / step) + 1;
        if (windows > MostOfRecord)
        {
            TimeSpan least = TimeSpan.FromMilliseconds(((milliseconds - 1) / MostOfRecord) + 1);
            throw new InvalidProgramGraphException(
                $"Sliding windows of {size} every {slide} would put each record into {windows} windows, and " +
                $"{MostOfRecord} are possible at most: a slide of {least} or more is needed for that size.");
        }

        return new TimeSlices(milliseconds, step, Offset("The offset of sliding windows", offset, step));
    }

    private static string Most => $"at most {MostMilliseconds} ms";

    private static long Whole(string what, TimeSpan value) => value.Ticks % TimeSpan.TicksPerMillisecond == 0
        ? value.Ticks / TimeSpan.TicksPerMillisecond
        : throw new InvalidProgramGraphException($"{what} is {value}: windows are cut by whole milliseconds.");
}
