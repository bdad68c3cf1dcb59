using Millrace.Graph.Windows;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators.Windows;

/// <summary>What the slices of the window at work come to, of a fold that cannot take back what was merged. Belongs to
/// one loop; no part of the state, as it follows from the slices.</summary>
/// <remarks>
/// <para>
/// A key has a front, which its older slices come to, and a back, for the newer ones. New slices are merged into the
/// back. When the oldest slice goes and there is no front, all slices become the front at once: from the newest to the
/// oldest each is merged in, and notes for each of its keys what the front was without it. So a slice goes by setting
/// back what it noted, and is merged twice in its life, however many windows it is in.
/// </para>
/// <para>A record that comes into a slice which was merged makes all of this stale, as does a new slice before one:
/// the next window begins anew.</para>
/// </remarks>
internal sealed class SuffixTotals<TKey, TIn, TAccumulator, TFold>(
    TypeSerializer<TAccumulator> serializer, KeyHasher<TKey> hasher, bool mayChange)
    : WindowTotals<TKey, TIn, TAccumulator, TFold>(hasher)
    where TFold : struct, IWindowFold<TIn, TAccumulator>
{
    private readonly bool _copies = mayChange && !serializer.IsImmutable;

    // By the number of the entry in the table.
    private TotalPart<TAccumulator>[] _fronts = [];
    private TotalPart<TAccumulator>[] _backs = [];
    private bool _isStale;

    public override bool TakesRecords => false;

    public override void Begin(SliceStore<TKey, TAccumulator> store)
    {
        if (!_isStale && !IsOutOfOrder(store))
        {
            return;
        }

        _isStale = false;
        Table.Clear();
        Array.Clear(_fronts);
        Array.Clear(_backs);
        for (int i = 0; i < store.Count; i++)
        {
            store[i].IsCounted = false;
            store[i].Later = null;
        }
    }

    public override void Add(SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold)
    {
        TFold local = fold;
        KeyedTable<TKey, TAccumulator> table = slice.Table;
        for (int first = 0; first < table.Count; first += PageEntries)
        {
            ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = table.EntriesFrom(first);
            Probe(entries);
            for (int i = 0; i < entries.Length; i++)
            {
                int place = Place(in entries[i].Key, i);
                ref TotalPart<TAccumulator> back = ref _backs[place];
                TAccumulator added = Copy(in entries[i].Value);
                if (back.IsThere)
                {
                    local.Merge(ref back.Value, in added);
                }
                else
                {
                    back = new TotalPart<TAccumulator>(added);
                }
            }
        }

        fold = local;
        slice.IsCounted = true;
    }

    public override void Complete(ref TFold fold)
    {
        TFold local = fold;
        for (int first = 0; first < Table.Count; first += PageEntries)
        {
            Span<KeyedTable<TKey, Total>.Entry> entries = Table.ChangeFrom(first);
            for (int i = 0; i < entries.Length; i++)
            {
                ref TotalPart<TAccumulator> front = ref _fronts[first + i];
                ref TotalPart<TAccumulator> back = ref _backs[first + i];
                TAccumulator total = Copy(in front.IsThere ? ref front.Value : ref back.Value);
                if (front.IsThere && back.IsThere)
                {
                    TAccumulator newer = Copy(in back.Value);
                    local.Merge(ref total, in newer);
                }

                entries[i].Value.Value = total;
            }
        }

        fold = local;
    }

    public override void Subtract(
        SliceStore<TKey, TAccumulator> store, SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold)
    {
        if (_isStale)
        {
            return;
        }

        if (slice.Later is null)
        {
            TurnOver(store, ref fold);
        }

        for (int first = 0; first < slice.Table.Count; first += PageEntries)
        {
            ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = slice.Table.EntriesFrom(first);
            Probe(entries);
            for (int i = 0; i < entries.Length; i++)
            {
                int place = Place(in entries[i].Key, i);
                _fronts[place] = slice.Later![first + i];
                if (!_fronts[place].IsThere && !_backs[place].IsThere)
                {
                    Forget(in entries[i].Key, i);
                }
            }
        }

        slice.IsCounted = false;
        slice.Later = null;
    }

    public override void Invalidate() => _isStale = true;

    // A slice that is new and older than one that was merged would be merged behind it.
    private static bool IsOutOfOrder(SliceStore<TKey, TAccumulator> store)
    {
        bool isBehindNew = false;
        for (int i = 0; i < store.Count; i++)
        {
            if (isBehindNew && store[i].IsCounted)
            {
                return true;
            }

            isBehindNew |= !store[i].IsCounted;
        }

        return false;
    }

    // All slices that were merged become the front; there is none, for its slices are older and have gone before.
    private void TurnOver(SliceStore<TKey, TAccumulator> store, ref TFold fold)
    {
        Array.Clear(_backs);
        TFold local = fold;
        for (int i = store.Count - 1; i >= 0; i--)
        {
            if (!store[i].IsCounted)
            {
                continue;
            }

            KeyedTable<TKey, TAccumulator> table = store[i].Table;
            var later = new TotalPart<TAccumulator>[table.Count];
            for (int first = 0; first < table.Count; first += PageEntries)
            {
                ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = table.EntriesFrom(first);
                Probe(entries);
                for (int j = 0; j < entries.Length; j++)
                {
                    int place = Place(in entries[j].Key, j);
                    ref TotalPart<TAccumulator> front = ref _fronts[place];
                    later[first + j] = front;
                    TAccumulator total = Copy(in entries[j].Value);
                    if (front.IsThere)
                    {
                        TAccumulator newer = Copy(in front.Value);
                        local.Merge(ref total, in newer);
                    }

                    front = new TotalPart<TAccumulator>(total);
                }
            }

            store[i].Later = later;
        }

        fold = local;
    }

    // The number of the entry of a key that was probed, new or not.
    private int Place(in TKey key, int probed)
    {
        ref Total total = ref Find(in key, probed, out bool exists);
        if (exists)
        {
            return total.Number;
        }

        int place = Table.Count - 1;
        total.Number = place;
        if (place == _fronts.Length)
        {
            int length = Math.Max(PageEntries, checked(place * 2));
            Array.Resize(ref _fronts, length);
            Array.Resize(ref _backs, length);
        }

        return place;
    }

    // The last entry of the table takes the place of the one removed, and its parts follow.
    private void Forget(in TKey key, int probed)
    {
        int place = Remove(in key, probed);
        int last = Table.Count;
        if (place < last)
        {
            _fronts[place] = _fronts[last];
            _backs[place] = _backs[last];
            Table.ChangeAt(place).Number = place;
        }

        _fronts[last] = default;
        _backs[last] = default;
    }

    // What a function of the user merges it may change, and the slice is needed again.
    private TAccumulator Copy(in TAccumulator value) => _copies ? serializer.Copy(value) : value;
}
