using Millrace.Graph.Windows;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators.Windows;

/// <summary>What the slices of the window at work come to, by key. Belongs to one loop; no part of the state, as it
/// follows from the slices.</summary>
/// <remarks>Where a fold can take back what was merged, it is carried from one window to the next, so that a window
/// costs the slices that come and go and not all that it has. Else it is made anew for each window.</remarks>
internal sealed class WindowTotals<TKey, TIn, TAccumulator, TFold>(
    TypeSerializer<TAccumulator> serializer, KeyHasher<TKey> hasher, bool mayChange, bool canSubtract)
    where TFold : struct, IWindowFold<TIn, TAccumulator>
{
    private readonly bool _copies = mayChange && !serializer.IsImmutable;

    /// <summary>By key, what was merged and of how many slices.</summary>
    public KeyedTable<TKey, Counted> Table { get; } = new(hasher);

    /// <summary>Whether slices stay counted from one window to the next.</summary>
    public bool IsCarried => canSubtract;

    /// <summary>Forgets all slices, where they do not stay.</summary>
    public void Reset()
    {
        if (!canSubtract)
        {
            Table.Clear();
        }
    }

    /// <summary>Counts a slice.</summary>
    public void Add(SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold)
    {
        KeyedTable<TKey, TAccumulator> table = slice.Table;
        TFold local = fold;
        for (int i = 0; i < table.Count; i++)
        {
            ref readonly TKey key = ref table.KeyAt(i);
            Merge(ref Table.GetOrAdd(in key, hasher.Hash(in key), out _), in table.ValueAt(i), ref local);
        }

        fold = local;
        slice.IsCounted = canSubtract;
    }

    /// <summary>Counts a record that came into a slice which is counted already.</summary>
    /// <param name="key">The record's key.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="value">The record alone, folded.</param>
    /// <param name="isNew">Whether it is the first of its key in the slice.</param>
    /// <param name="fold">The fold.</param>
    public void Add(in TKey key, ulong hash, in TAccumulator value, bool isNew, ref TFold fold)
    {
        ref Counted counted = ref Table.GetOrAdd(in key, hash, out _);
        int slices = counted.Slices;
        Merge(ref counted, in value, ref fold);
        counted.Slices = slices + (isNew ? 1 : 0);
    }

    /// <summary>Takes back a slice that was counted.</summary>
    public void Subtract(SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold)
    {
        KeyedTable<TKey, TAccumulator> table = slice.Table;
        for (int i = 0; i < table.Count; i++)
        {
            ref readonly TKey key = ref table.KeyAt(i);
            ulong hash = hasher.Hash(in key);
            ref Counted counted = ref Table.GetOrAdd(in key, hash, out _);
            if (counted.Slices == 1)
            {
                Table.Remove(in key, hash);
                continue;
            }

            fold.Subtract(ref counted.Value, in table.ValueAt(i));
            counted.Slices--;
        }
    }

    private void Merge(ref Counted counted, in TAccumulator value, ref TFold fold)
    {
        // What a function of the user merges it may change, and the slice is needed again.
        TAccumulator merged = _copies ? serializer.Copy(value) : value;
        if (counted.Slices++ == 0)
        {
            counted.Value = merged;
            return;
        }

        fold.Merge(ref counted.Value, in merged);
    }

    /// <summary>What was merged.</summary>
    internal struct Counted
    {
        public TAccumulator Value;

        /// <summary>Number of slices it is of.</summary>
        public int Slices;
    }
}
