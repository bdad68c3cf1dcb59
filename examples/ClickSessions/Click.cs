using System.Globalization;

namespace Millrace.Examples;

/// <summary>Somebody opened a page.</summary>
/// <param name="User">Who.</param>
/// <param name="Page">Which page.</param>
/// <param name="Time">When, in milliseconds since 1970-01-01 UTC.</param>
public readonly record struct Click(string User, string Page, long Time)
{
    /// <summary>Reads a line of the form <c>user,page,time</c>.</summary>
    /// <exception cref="FormatException">The line has another form.</exception>
    public static Click Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(',');
        return fields.Length == 3
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            ? new Click(fields[0], fields[1], time)
            : throw new FormatException(
                $"'{line}' is no click: user,page,time is needed, such as ada,/index,1436918400000.");
    }
}
