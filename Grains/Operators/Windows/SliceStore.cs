using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>What was folded of each key in each slice of time that is not over for all its windows. Belongs to one
/// loop.</summary>
/// <remarks>One table a slice, so that a slice goes as a whole; tables that were emptied are used again.</remarks>
internal sealed class SliceStore<TKey, TAccumulator>(
    TimeSlices slices, SerializerSet serializers, KeyHasher<TKey> hasher)
    : ContentsSection<TKey, TAccumulator>(serializers, hasher)
{
    private const int MostSpares = 4;

    private readonly KeyHasher<TKey> _hasher = hasher;
    private readonly Stack<KeyedTable<TKey, TAccumulator>> _spares = [];
    private readonly List<Slice> _slices = [];
    private Slice _last = new(long.MinValue, null!);

    /// <summary>Number of slices.</summary>
    public int Count => _slices.Count;

    public override int EntryCount => NumberEntries();

    /// <summary>A slice; earlier ones come first.</summary>
    public Slice this[int index] => _slices[index];

    /// <summary>The slice that begins at a time, new or not.</summary>
    public Slice At(long start)
    {
        if (_last.Start == start && _last.Table is not null)
        {
            return _last;
        }

        int index = Find(start);
        if (index < 0)
        {
            index = ~index;
            _slices.Insert(index, new Slice(start, _spares.TryPop(out var spare) ? spare : new(_hasher)));
        }

        return _last = _slices[index];
    }

    /// <summary>Frees the slices that begin before a time; all of them are at the front.</summary>
    public void FreeBefore(long start)
    {
        int count = 0;
        while (count < _slices.Count && _slices[count].Start < start)
        {
            KeyedTable<TKey, TAccumulator> table = _slices[count++].Table;
            table.Clear();
            if (_spares.Count < MostSpares)
            {
                _spares.Push(table);
            }
        }

        if (count > 0)
        {
            _slices.RemoveRange(0, count);
            _last = new Slice(long.MinValue, null!);
        }
    }

    public override void ForgetAll() => FreeBefore(long.MaxValue);

    public override ulong HashOf(int entry)
    {
        Slice slice = SliceOf(ref entry);
        return _hasher.Hash(in slice.Table.KeyAt(entry));
    }

    public override void Write(RecordWriter writer, int entry)
    {
        Slice slice = SliceOf(ref entry);
        var window = new TimeWindow(slice.Start, slice.Start + slices.Slice);
        Write(writer, in slice.Table.KeyAt(entry), window, in slice.Table.ValueAt(entry));
    }

    protected override bool Restore(in TKey key, ulong hash, TimeWindow window, in TAccumulator value)
    {
        if (window.End - window.Start != slices.Slice || slices.SliceOf(window.Start) != window.Start)
        {
            return false;
        }

        At(window.Start).Table.GetOrAdd(in key, hash, out bool exists) = value;
        return !exists;
    }

    private int Find(long start)
    {
        int low = 0;
        int high = _slices.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_slices[middle].Start < start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _slices.Count && _slices[low].Start == start ? low : ~low;
    }

    // Entries are counted through all slices while a snapshot is written.
    private int NumberEntries()
    {
        int entries = 0;
        foreach (Slice slice in _slices)
        {
            slice.FirstEntry = entries;
            entries = checked(entries + slice.Table.Count);
        }

        return entries;
    }

    private Slice SliceOf(ref int entry)
    {
        int low = 0;
        int high = _slices.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_slices[middle].FirstEntry <= entry)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        entry -= _slices[low].FirstEntry;
        return _slices[low];
    }

    /// <summary>One slice.</summary>
    /// <param name="start">Its first millisecond.</param>
    /// <param name="table">What was folded, by key.</param>
    internal sealed class Slice(long start, KeyedTable<TKey, TAccumulator> table)
    {
        public long Start { get; } = start;

        public KeyedTable<TKey, TAccumulator> Table { get; } = table;

        /// <summary>Whether it is part of the running total of the windows.</summary>
        public bool IsCounted { get; set; }

        /// <summary>For each of its entries, what later slices come to, while it is part of that; else null.</summary>
        public TotalPart<TAccumulator>[]? Later { get; set; }

        /// <summary>Number of its first entry in the snapshot at work.</summary>
        public int FirstEntry { get; set; }
    }
}
