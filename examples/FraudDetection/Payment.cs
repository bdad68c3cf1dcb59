using System.Globalization;

namespace Millrace.Examples;

/// <summary>A card was charged.</summary>
/// <param name="Card">Which card.</param>
/// <param name="Cents">How much, in cents.</param>
/// <param name="Time">When, in milliseconds since 1970-01-01 UTC.</param>
public readonly record struct Payment(string Card, long Cents, long Time)
{
    /// <summary>Reads a line of the form <c>card,cents,time</c>.</summary>
    /// <exception cref="FormatException">The line has another form.</exception>
    public static Payment Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(',');
        return fields.Length == 3
            && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long cents)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            ? new Payment(fields[0], cents, time)
            : throw new FormatException(
                $"'{line}' is no payment: card,cents,time is needed, such as 4711,99,1436918400000.");
    }
}
