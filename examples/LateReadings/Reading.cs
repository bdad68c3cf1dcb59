using System.Globalization;

namespace Millrace.Examples;

/// <summary>What a sensor measured.</summary>
/// <param name="Sensor">Which sensor.</param>
/// <param name="Value">What it measured.</param>
/// <param name="Time">When, in milliseconds since 1970-01-01 UTC.</param>
public readonly record struct Reading(string Sensor, long Value, long Time)
{
    /// <summary>Reads a line of the form <c>sensor,value,time</c>.</summary>
    /// <exception cref="FormatException">The line has another form.</exception>
    public static Reading Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(',');
        return fields.Length == 3
            && long.TryParse(fields[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            ? new Reading(fields[0], value, time)
            : throw new FormatException(
                $"'{line}' is no reading: sensor,value,time is needed, such as boiler,81,1436918400000.");
    }
}
