namespace Millrace.Operators.Sorting;

/// <summary>What a record is sorted by, and where it stands.</summary>
/// <param name="Hash">Of its key.</param>
/// <param name="Timestamp">Its time.</param>
/// <param name="Offset">Where its bytes begin: later ones came later.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct SortEntry(ulong Hash, long Timestamp, int Offset, int Length) : IComparable<SortEntry>
{
    /// <summary>What an entry takes in memory, with the place beside it that sorting needs.</summary>
    public const int Bytes = 2 * 24;

    public int CompareTo(SortEntry other)
    {
        if (Hash != other.Hash)
        {
            return Hash < other.Hash ? -1 : 1;
        }

        if (Timestamp != other.Timestamp)
        {
            return Timestamp < other.Timestamp ? -1 : 1;
        }

        return Offset - other.Offset;
    }
}
