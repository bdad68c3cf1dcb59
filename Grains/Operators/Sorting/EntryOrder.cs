namespace Millrace.Operators.Sorting;

/// <summary>Sorts entries. Belongs to whoever has them.</summary>
/// <remarks>
/// Hashes are spread evenly over their bits, so a record finds its place among 256 by one look at eight of them, and a
/// million records theirs by two or three. Records keep their order on that way: those that come in the order of time
/// need no comparison at all.
/// </remarks>
internal static class EntryOrder
{
    private const int DigitBits = 8;
    private const int Digits = 1 << DigitBits;
    private const int FirstShift = 64 - DigitBits;

    // Below this, comparing costs less than counting.
    private const int LeastToDeal = 256;

    /// <summary>Sorts entries by hash, time and offset.</summary>
    /// <param name="entries">The entries, in the order of their offsets.</param>
    /// <param name="spare">As many, of any content.</param>
    public static void Sort(Span<SortEntry> entries, Span<SortEntry> spare) => Sort(entries, spare, FirstShift);

    private static void Sort(Span<SortEntry> entries, Span<SortEntry> spare, int shift)
    {
        if (entries.Length < LeastToDeal || shift < 0)
        {
            SortByComparing(entries);
            return;
        }

        Span<int> ends = stackalloc int[Digits];
        Count(entries, ends, shift);
        bool isSpread = ends[(int)(entries[0].Hash >> shift) & (Digits - 1)] < entries.Length;
        int begin = 0;
        for (int digit = 0; digit < Digits; digit++)
        {
            int count = ends[digit];
            ends[digit] = begin;
            begin += count;
        }

        if (isSpread)
        {
            Deal(entries, spare, ends, shift);
            spare.CopyTo(entries);
        }
        else
        {
            ends.Fill(entries.Length);
            ends[..((int)(entries[0].Hash >> shift) & (Digits - 1))].Clear();
        }

        begin = 0;
        foreach (int end in ends)
        {
            if (end - begin > 1)
            {
                Sort(entries[begin..end], spare[begin..end], shift - DigitBits);
            }

            begin = end;
        }
    }

    private static void Count(Span<SortEntry> entries, Span<int> counts, int shift)
    {
        counts.Clear();
        foreach (ref readonly SortEntry entry in entries)
        {
            counts[(int)(entry.Hash >> shift) & (Digits - 1)]++;
        }
    }

    // What is the beginning of each digit's entries becomes their end.
    private static void Deal(Span<SortEntry> entries, Span<SortEntry> to, Span<int> places, int shift)
    {
        foreach (ref readonly SortEntry entry in entries)
        {
            to[places[(int)(entry.Hash >> shift) & (Digits - 1)]++] = entry;
        }
    }

    private static void SortByComparing(Span<SortEntry> entries)
    {
        for (int i = 1; i < entries.Length; i++)
        {
            if (entries[i].CompareTo(entries[i - 1]) < 0)
            {
                entries.Sort();
                return;
            }
        }
    }
}
