namespace Millrace.Contests;

/// <summary>Counts by key as one writes them by hand for numbers alone: keys and counts side by side, in the order of
/// their first use, behind slots that are looked at one after the other.</summary>
internal sealed class CountTable(int mostKeys)
{
    private readonly int[] _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)mostKeys * 2)];
    private readonly (long Key, long Count)[] _entries = new (long Key, long Count)[mostKeys];
    private int _count;

    public ReadOnlySpan<(long Key, long Count)> Entries => _entries.AsSpan(0, _count);

    public void Add(long key, long count)
    {
        int[] slots = _slots;
        int mask = slots.Length - 1;
        int at = (int)((ulong)key * 0x9E3779B97F4A7C15 >> 40) & mask;
        while (slots[at] is int entry && entry != 0)
        {
            if (_entries[entry - 1].Key == key)
            {
                _entries[entry - 1].Count += count;
                return;
            }

            at = (at + 1) & mask;
        }

        _entries[_count++] = (key, count);
        slots[at] = _count;
    }

    public void Clear()
    {
        Array.Clear(_slots);
        _count = 0;
    }
}
