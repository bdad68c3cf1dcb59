using System.Globalization;

namespace Millrace.Examples;

/// <summary>From some time on, a greater value than this is an alarm.</summary>
/// <param name="Kind">For which kind of sensor.</param>
/// <param name="Limit">The greatest value that is none.</param>
/// <param name="From">When it begins to hold, in milliseconds since 1970-01-01 UTC.</param>
public readonly record struct LimitRule(string Kind, long Limit, long From)
{
    /// <summary>Reads a line of the form <c>kind,limit,from</c>.</summary>
    /// <exception cref="FormatException">The line has another form.</exception>
    public static LimitRule Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(',');
        return fields.Length == 3
            && long.TryParse(fields[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long from)
            ? new LimitRule(fields[0], limit, from)
            : throw new FormatException(
                $"'{line}' is no rule: kind,limit,from is needed, such as celsius,90,1436918400000.");
    }
}
