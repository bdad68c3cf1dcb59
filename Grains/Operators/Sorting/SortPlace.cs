namespace Millrace.Operators.Sorting;

/// <summary>Where a record stands in the order: by the hash of its key, then by its time.</summary>
/// <param name="Hash">Of its key.</param>
/// <param name="Timestamp">Its time; the same for all on an edge without timestamps.</param>
internal readonly record struct SortPlace(ulong Hash, long Timestamp)
{
    /// <summary>The last place of a key.</summary>
    public static SortPlace LastOf(ulong hash) => new(hash, long.MaxValue);

    /// <summary>Whether it comes before another one.</summary>
    public bool IsBefore(in SortPlace other) =>
        Hash != other.Hash ? Hash < other.Hash : Timestamp < other.Timestamp;
}
