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
    private readonly bool _copies = mayChange && !serializer.IsImmutable;

    public override bool TakesRecords => true;

    public override void Add(SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold)
    {
        TFold local = fold;
        for (int first = 0; first < slice.Table.Count; first += PageEntries)
        {
            ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = slice.Table.EntriesFrom(first);
            Probe(entries);
            for (int i = 0; i < entries.Length; i++)
            {
                Merge(ref Find(in entries[i].Key, i, out _), in entries[i].Value, ref local);
            }
        }

        fold = local;
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
        for (int first = 0; first < slice.Table.Count; first += PageEntries)
        {
            ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = slice.Table.EntriesFrom(first);
            Probe(entries);
            for (int i = 0; i < entries.Length; i++)
            {
                ref Total total = ref Find(in entries[i].Key, i, out _);
                if (total.Number == 1)
                {
                    Remove(in entries[i].Key, i);
                    continue;
                }

                local.Subtract(ref total.Value, in entries[i].Value);
                total.Number--;
            }
        }

        fold = local;
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
