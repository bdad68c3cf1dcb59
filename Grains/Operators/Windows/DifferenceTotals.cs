using System.Runtime.CompilerServices;
using Millrace.Graph.Windows;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators.Windows;

/// <summary>What the slices of the window at work come to, of a fold that can take back what was merged.</summary>
internal sealed class DifferenceTotals<TKey, TIn, TAccumulator, TFold>(
    TypeSerializer<TAccumulator> serializer, KeyHasher<TKey> hasher, bool mayChange)
    : WindowTotals<TKey, TIn, TAccumulator, TFold>(hasher)
    where TFold : struct, IWindowFold<TIn, TAccumulator>
{
    // Of the entries of a slice: for so many more there is room, as the next one has about as many.
    private const int SpareShare = 8;

    private readonly bool _copies = mayChange && !serializer.IsImmutable;

    // Of the slice that went last: one comes as one goes.
    private uint[] _spare = [];

    public override bool TakesRecords => true;

    public override void Add(SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold)
    {
        TFold local = fold;
        uint[] places = TakePlaces(slice.Table.Count);
        for (int first = 0; first < slice.Table.Count; first += PageEntries)
        {
            ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = slice.Table.EntriesFrom(first);
            Probe(entries);
            for (int i = 0; i < entries.Length; i++)
            {
                Merge(ref Find(in entries[i].Key, i, out bool exists), in entries[i].Value, ref local);
                places[first + i] = exists ? Guesses[i] : (uint)Table.Count;
            }
        }

        fold = local;
        slice.Places = places;
        slice.IsCounted = true;
    }

    public override void Add(in TKey key, ulong hash, in TAccumulator value, bool isNew, ref TFold fold)
    {
        ref Total total = ref Table.GetOrAdd(in key, hash, out _);
        int slices = total.Number;
        Merge(ref total, in value, ref fold);
        total.Number = slices + (isNew ? 1 : 0);
    }

    public override void Subtract(
        SliceStore<TKey, TAccumulator> store, SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold)
    {
        TFold local = fold;
        ReadOnlySpan<uint> places = slice.Places;
        for (int first = 0; first < slice.Table.Count; first += PageEntries)
        {
            ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = slice.Table.EntriesFrom(first);
            bool isProbed = false;
            for (int i = 0; i < entries.Length; i++)
            {
                // Totals stay where they are as long as no key goes.
                uint place = first + i < places.Length ? places[first + i] : 0;
                ref Total total = ref Table.ChangeIf(in entries[i].Key, place);
                if (Unsafe.IsNullRef(ref total) || total.Number == 1)
                {
                    if (!isProbed)
                    {
                        Probe(entries);
                        isProbed = true;
                    }

                    total = ref Find(in entries[i].Key, i, out _);
                    if (total.Number == 1)
                    {
                        Remove(in entries[i].Key, i);
                        continue;
                    }
                }

                local.Subtract(ref total.Value, in entries[i].Value);
                total.Number--;
            }
        }

        fold = local;
        _spare = slice.Places ?? _spare;
        slice.Places = null;
    }

    private uint[] TakePlaces(int count)
    {
        uint[] places = _spare;
        _spare = [];
        return places.Length >= count && places.Length / 2 <= count ? places : new uint[count + (count / SpareShare)];
    }

    private void Merge(ref Total total, in TAccumulator value, ref TFold fold)
    {
        // What a function of the user merges it may change, and the slice is needed again.
        TAccumulator merged = _copies ? serializer.Copy(value) : value;
        if (total.Number++ == 0)
        {
            total.Value = merged;
            return;
        }

        fold.Merge(ref total.Value, in merged);
    }
}
