namespace Millrace.Examples.Nexmark.Bids;

/// <summary>Event time as a date and a time of the day, in UTC.</summary>
internal static class EventDay
{
    private const long Hour = 60 * Minute;
    private const long Minute = 60_000;
    private const long Day = 24 * Hour;

    private static readonly int FirstDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Days since 1970-01-01.</summary>
    public static long NumberOf(long time) => time / Day;

    /// <summary>The date of a day by its number.</summary>
    public static DateOnly DateOf(long day) => DateOnly.FromDayNumber(FirstDay + (int)day);

    /// <summary>0 to 23.</summary>
    public static int HourOf(long time) => (int)(time % Day / Hour);

    /// <summary>The time of the day, cut off to the minute.</summary>
    public static TimeOnly MinuteOf(long time) => new(time % Day / Minute * TimeSpan.TicksPerMinute);
}
