namespace Millrace.Serialization.Collections;

/// <summary>How a set or dictionary compares, as a byte. A comparer of the program's own cannot be written.</summary>
internal static class ComparerCode
{
    private const byte Default = 0;
    private const byte OrdinalIgnoreCase = 1;
    private const byte Ordinal = 2;

    /// <exception cref="RecordRefusedException">It is none of those that have a number.</exception>
    public static byte Of<T>(IEqualityComparer<T>? comparer) => comparer switch
    {
        null => Default,
        _ when comparer.Equals(EqualityComparer<T>.Default) => Default,
        _ when ReferenceEquals(comparer, StringComparer.Ordinal) => Default,
        _ when ReferenceEquals(comparer, StringComparer.OrdinalIgnoreCase) => OrdinalIgnoreCase,
        _ => throw Refused(comparer),
    };

    /// <exception cref="RecordRefusedException">It is none of those that have a number.</exception>
    public static byte Of<T>(IComparer<T>? comparer) => comparer switch
    {
        null => Default,
        _ when comparer.Equals(Comparer<T>.Default) => Default,
        _ when ReferenceEquals(comparer, StringComparer.Ordinal) => Ordinal,
        _ when ReferenceEquals(comparer, StringComparer.OrdinalIgnoreCase) => OrdinalIgnoreCase,
        _ => throw Refused(comparer),
    };

    /// <exception cref="RecordRefusedException">It is not the default one.</exception>
    public static void RequireDefault<T>(IEqualityComparer<T> comparer)
    {
        if (!comparer.Equals(EqualityComparer<T>.Default))
        {
            throw Refused(comparer);
        }
    }

    public static IEqualityComparer<T>? ReadEquality<T>(ref RecordReader reader) =>
        (IEqualityComparer<T>?)Read<T>(ref reader);

    public static IComparer<T>? ReadOrder<T>(ref RecordReader reader) => (IComparer<T>?)Read<T>(ref reader);

    private static StringComparer? Read<T>(ref RecordReader reader)
    {
        byte code = reader.ReadByte();
        if (code > Ordinal || (code != Default && typeof(T) != typeof(string)))
        {
            reader.ThrowCorrupted($"no comparer of {typeof(T)} has the number {code}");
        }

        return code switch
        {
            OrdinalIgnoreCase => StringComparer.OrdinalIgnoreCase,
            Ordinal => StringComparer.Ordinal,
            _ => null,
        };
    }

    private static RecordRefusedException Refused(object comparer) => new(
        $"A collection that compares with {comparer.GetType()} cannot be written: only the default comparer and, for "
        + "strings, Ordinal and OrdinalIgnoreCase can be.");
}
