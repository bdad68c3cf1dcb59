using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>What slices of time held at a cut.</summary>
/// <param name="section">Writes an entry.</param>
/// <param name="size">Length of a slice, in milliseconds.</param>
/// <param name="slices">Their beginnings, and what they held.</param>
internal sealed class FrozenSlices<TKey, TAccumulator>(
    ContentsSection<TKey, TAccumulator> section,
    long size,
    IReadOnlyList<(long Start, FrozenTable<TKey, TAccumulator> Table)> slices)
    : FrozenSection(section.Header)
{
    private const int EntriesOfPage = KeyedTable<TKey, TAccumulator>.PageEntries;

    public override IEnumerable<int> Write(GroupedEntries to)
    {
        foreach ((long start, FrozenTable<TKey, TAccumulator> table) in slices)
        {
            var window = new TimeWindow(start, start + size);
            for (int page = 0; page < table.Pages; page++)
            {
                for (int next = 0; next < EntriesOfPage;)
                {
                    next = Write(table.PageAt(page), next, window, to);
                    yield return page;
                }

                table.Pass(page);
            }
        }
    }

    public override void Dispose()
    {
        foreach ((long _, FrozenTable<TKey, TAccumulator> table) in slices)
        {
            table.Dispose();
        }
    }

    // Until the page is at its end, or there is enough for a block.
    private int Write(
        ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries, int next, TimeWindow window, GroupedEntries to)
    {
        do
        {
            ref readonly KeyedTable<TKey, TAccumulator>.Entry entry = ref entries[next++];
            section.Write(to.Begin(section.Hasher.Hash(in entry.Key)), in entry.Key, window, in entry.Value);
        }
        while (next < entries.Length && !to.IsFull);
        return next < entries.Length ? next : EntriesOfPage;
    }
}
