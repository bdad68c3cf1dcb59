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
    public override IEnumerable<int> Write(GroupedEntries to)
    {
        foreach ((long start, FrozenTable<TKey, TAccumulator> table) in slices)
        {
            var window = new TimeWindow(start, start + size);
            for (int page = 0; page < table.Pages; page++)
            {
                foreach (ref readonly KeyedTable<TKey, TAccumulator>.Entry entry in table.PageAt(page))
                {
                    section.Write(
                        to.Begin(section.Hasher.Hash(in entry.Key)), in entry.Key, window, in entry.Value);
                }

                table.Pass(page);
                yield return page;
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
}
