namespace Millrace.State.Heap;

/// <summary>Goes through the entries of a table, round and round, some at a time, and removes those that are over.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="hasher">Of its keys.</param>
/// <param name="valuesOf">Number of values of an entry, from 1.</param>
/// <param name="isOver">Whether the entry at an index is over; removes what is over of one that is not.</param>
internal sealed class TableSweep<TEntry, TKept>(
    KeyedTable<TEntry, TKept> table, KeyHasher<TEntry> hasher, Func<TKept, int> valuesOf, Func<int, bool> isOver)
{
    private int _next;

    // Looks that were not spent: an entry of many values waits until there are enough for all of them.
    private long _looks;

    /// <summary>Looks at the next entries.</summary>
    /// <param name="looks">Number of values to look at.</param>
    public void Go(int looks)
    {
        _looks += looks;
        while (table.Count > 0)
        {
            _next = _next < table.Count ? _next : 0;
            int values = valuesOf(table.ValueAt(_next));
            if (values > _looks)
            {
                return;
            }

            _looks -= values;
            if (!isOver(_next))
            {
                _next++;
                continue;
            }

            // The last one takes its place, and is looked at next.
            TEntry entry = table.KeyAt(_next);
            table.Remove(in entry, hasher.Hash(in entry));
        }

        _looks = 0;
    }
}
