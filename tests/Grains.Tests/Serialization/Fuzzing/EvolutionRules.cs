using System.Collections;
using System.Globalization;

namespace Millrace.Serialization.Fuzzing;

/// <summary>What docs/formats/records.md says of reading older data, told once more and without the code that does
/// it.</summary>
internal static class EvolutionRules
{
    private const int SingleBits = 24;
    private const int DoubleBits = 53;
    private const int DecimalBits = 96;

    private static readonly Dictionary<Type, (bool Signed, int Bits)> Whole = new()
    {
        [typeof(byte)] = (false, 8), [typeof(ushort)] = (false, 16), [typeof(uint)] = (false, 32),
        [typeof(ulong)] = (false, 64), [typeof(UInt128)] = (false, 128),
        [typeof(sbyte)] = (true, 8), [typeof(short)] = (true, 16), [typeof(int)] = (true, 32),
        [typeof(long)] = (true, 64), [typeof(Int128)] = (true, 128),
    };

    /// <summary>True when values of one type may be read as the other.</summary>
    public static bool Allow(Type from, Type to)
    {
        from = NumberOf(from);
        to = NumberOf(to);
        if (from == to)
        {
            return true;
        }

        if (Nullable.GetUnderlyingType(to) is { } inner)
        {
            return Allow(Nullable.GetUnderlyingType(from) ?? from, inner);
        }

        return ElementOf(from) is { } element
            ? ElementOf(to) is { } target && Allow(element, target)
            : AllowNumber(from, to);
    }

    /// <summary>A value as text that is the same before and after, whatever the types.</summary>
    public static string TextOf(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        IEnumerable items => $"[{string.Join(' ', items.Cast<object?>().Select(TextOf))}]",
        Enum number => TextOf(Convert.ChangeType(
            number, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture)),
        Half number => TextOf((double)number),
        float number => TextOf((double)number),
        DateTime time => $"{time.Ticks} {time.Kind}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    private static Type NumberOf(Type type) => type.IsEnum ? Enum.GetUnderlyingType(type) : type;

    private static Type? ElementOf(Type type) => type switch
    {
        { IsArray: true } => type.GetElementType(),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(List<>) => type.GetGenericArguments()[0],
        _ => null,
    };

    private static bool AllowNumber(Type from, Type to)
    {
        if (!Whole.TryGetValue(from, out (bool Signed, int Bits) narrow))
        {
            return (from == typeof(Half) && to == typeof(float))
                || (from == typeof(Half) && to == typeof(double))
                || (from == typeof(float) && to == typeof(double));
        }

        if (Whole.TryGetValue(to, out (bool Signed, int Bits) wide))
        {
            return narrow.Bits < wide.Bits && (wide.Signed || !narrow.Signed);
        }

        return (to == typeof(float) && narrow.Bits <= SingleBits)
            || (to == typeof(double) && narrow.Bits <= DoubleBits)
            || (to == typeof(decimal) && narrow.Bits <= DecimalBits);
    }
}
