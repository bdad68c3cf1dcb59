using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
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

    private readonly Stack<KeyedTable<TKey, TAccumulator>> _spares = [];
    private readonly List<Slice> _slices = [];
    private Slice _last = new(long.MinValue, null!);

    /// <summary>Number of slices.</summary>
    public int Count => _slices.Count;

    public override int EntryCount => _slices.Sum(static slice => slice.Table.Count);

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
            _slices.Insert(index, new Slice(start, _spares.TryPop(out var spare) ? spare : new(Hasher, Copier)));
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

    public override FrozenSection Freeze(in SnapshotOrder order)
    {
        // Slices come and go too fast for changes to be worth remembering.
        SnapshotOrder everything = order with { TracksChanges = false };
        List<(long, FrozenTable<TKey, TAccumulator>)> frozen = new(_slices.Count);
        foreach (Slice slice in _slices)
        {
            frozen.Add((slice.Start, slice.Table.Freeze(in everything)));
        }

        return new FrozenSlices<TKey, TAccumulator>(this, slices.Slice, frozen);
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

    /// <summary>One slice.</summary>
    /// <param name="start">Its first millisecond.</param>
    /// <param name="table">What was folded, by key.</param>
    internal sealed class Slice(long start, KeyedTable<TKey, TAccumulator> table)
    {
        public long Start { get; } = start;

        public KeyedTable<TKey, TAccumulator> Table { get; } = table;

        /// <summary>Whether it is part of the running total of the windows.</summary>
        public bool IsCounted { get; set; }

        /// <summary>For each of its entries, where its total was when it was counted, if that is noted: the number of
        /// an entry from 1. Longer than the number of entries, or shorter.</summary>
        public uint[]? Places { get; set; }

        /// <summary>For each of its entries, what later slices come to, while it is part of that; else null.</summary>
        public TotalPart<TAccumulator>[]? Later { get; set; }
    }
}
