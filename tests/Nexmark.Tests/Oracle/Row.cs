using System.Globalization;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>How rows, days and minutes are written.</summary>
internal static class Row
{
    public static string Of(params object[] fields) =>
        string.Join('|', fields.Select(field => Convert.ToString(field, CultureInfo.InvariantCulture)));

    public static string Day(long time) => At(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Minute(long time) => At(time).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static int Hour(long time) => At(time).Hour;

    private static DateTimeOffset At(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time);
}
