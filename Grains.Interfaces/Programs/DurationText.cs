using System.Globalization;

namespace Millrace.Programs;

/// <summary>
/// A length of time as people write it: a number with a unit, or hours, minutes and seconds with colons.
/// </summary>
internal static class DurationText
{
    // Longer units first: "ms" and "min" end like shorter ones.
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("min", TimeSpan.FromMinutes(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("us", TimeSpan.FromMicroseconds(1)),
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <returns>Null when the text is no length of time; a bare number is none (.NET would read it as days).</returns>
    public static TimeSpan? Read(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan clock) ? clock : null;
        }

        foreach ((string unit, TimeSpan length) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return Multiply(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), length);
            }
        }

        return null;
    }

    private static TimeSpan? Multiply(ReadOnlySpan<char> number, TimeSpan length)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(number, Styles, CultureInfo.InvariantCulture, out decimal count))
        {
            return null;
        }

        // Bounded before the product, which a decimal could not hold; TimeSpan has the smaller range.
        return Math.Abs(count) <= long.MaxValue / length.Ticks
            ? TimeSpan.FromTicks((long)(count * length.Ticks))
            : null;
    }
}
