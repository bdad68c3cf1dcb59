using System.Globalization;

namespace Millrace.Output;

/// <summary>How numbers and times are written.</summary>
internal static class Texts
{
    /// <summary><c>1 silo</c>, <c>3 silos</c>.</summary>
    public static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    /// <summary><c>0.4 s</c>, <c>12.3 s</c>, <c>2:05</c>, <c>1:02:05</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => time.ToString("m\\:ss", CultureInfo.InvariantCulture),
        { TotalDays: < 1 } => time.ToString("h\\:mm\\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Days} d {time.Hours} h"),
    };

    /// <summary>Flink's spelling of a status or state: <c>RUNNING</c>; of several words
    /// <c>METADATA NOT STORED</c>.</summary>
    public static string Word<T>(T state)
        where T : struct, Enum => string.Concat(state.ToString().Select(static (letter, index) =>
            index > 0 && char.IsUpper(letter) ? $" {letter}" : $"{char.ToUpperInvariant(letter)}"));

    /// <summary>With thousands apart: <c>1,234,567</c>.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>812 B</c>, <c>1.2 KB</c>, <c>34.0 MB</c>: by 1,024.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["KB", "MB", "GB", "TB", "PB"];
        if (bytes < 1_024)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
        }

        double amount = bytes;
        int unit = -1;
        while (unit + 1 < units.Length && amount >= 1_024)
        {
            amount /= 1_024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.0} {units[unit]}");
    }

    /// <summary>Of a share from 0 to 1: <c>42 %</c>.</summary>
    public static string Percent(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    /// <summary>In the time zone of whoever reads it.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
