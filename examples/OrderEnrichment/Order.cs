using System.Globalization;

namespace Millrace.Examples;

/// <summary>Somebody has ordered something.</summary>
/// <param name="Id">Which order.</param>
/// <param name="Customer">Whose.</param>
/// <param name="Cents">For how much, in cents.</param>
public readonly record struct Order(long Id, string Customer, long Cents)
{
    /// <summary>Reads a line of the form <c>id,customer,cents</c>.</summary>
    /// <exception cref="FormatException">The line has another form.</exception>
    public static Order Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(',');
        return fields.Length == 3
            && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long cents)
            ? new Order(id, fields[1], cents)
            : throw new FormatException(
                $"'{line}' is no order: id,customer,cents is needed, such as 17,ada,4999.");
    }
}
