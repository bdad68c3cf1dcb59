namespace Millrace.DataStream.Folds;

/// <summary>The order of values in results: their own, but for texts, which are ordered by their code units. The order
/// of texts by culture depends on the machine, and a result must not.</summary>
internal static class ValueOrder<T>
{
    /// <summary>Says which of two values is greater.</summary>
    public static readonly IComparer<T> Order = typeof(T) == typeof(string)
        ? (IComparer<T>)(object)StringComparer.Ordinal
        : Comparer<T>.Default;
}
