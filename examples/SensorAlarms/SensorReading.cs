using System.Globalization;

namespace Millrace.Examples;

/// <summary>What a sensor measured.</summary>
/// <param name="Sensor">Which one.</param>
/// <param name="Kind">What kind of thing it measures.</param>
/// <param name="Value">How much.</param>
/// <param name="Time">When, in milliseconds since 1970-01-01 UTC.</param>
public readonly record struct SensorReading(string Sensor, string Kind, long Value, long Time)
{
    /// <summary>Reads a line of the form <c>sensor,kind,value,time</c>.</summary>
    /// <exception cref="FormatException">The line has another form.</exception>
    public static SensorReading Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(',');
        return fields.Length == 4
            && long.TryParse(fields[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            ? new SensorReading(fields[0], fields[1], value, time)
            : throw new FormatException(
                $"'{line}' is no reading: sensor,kind,value,time is needed, such as t7,celsius,21,1436918400000.");
    }
}
