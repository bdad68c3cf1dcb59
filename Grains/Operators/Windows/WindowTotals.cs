using Millrace.Graph.Windows;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators.Windows;

/// <summary>What the slices of the window at work come to, by key. Belongs to one loop; no part of the state, as it
/// follows from the slices.</summary>
/// <remarks>Carried from one window to the next, so that a window costs the slices that come and go and not all that it
/// has.</remarks>
internal abstract class WindowTotals<TKey, TIn, TAccumulator, TFold>(KeyHasher<TKey> hasher)
    where TFold : struct, IWindowFold<TIn, TAccumulator>
{
    /// <summary>Most keys that are looked up at once.</summary>
    protected const int PageEntries = KeyedTable<TKey, TAccumulator>.PageEntries;

    private readonly TKey[] _keys = new TKey[PageEntries];
    private readonly ulong[] _hashes = new ulong[PageEntries];
    private readonly uint[] _guesses = new uint[PageEntries];

    /// <summary>By key, what was merged.</summary>
    public KeyedTable<TKey, Total> Table { get; } = new(hasher);

    /// <summary>Whether records that come into a slice which is counted can be added by themselves.</summary>
    public abstract bool TakesRecords { get; }

    /// <summary>Before the slices of a window are counted that are not yet.</summary>
    public virtual void Begin(SliceStore<TKey, TAccumulator> store)
    {
    }

    /// <summary>Counts a slice.</summary>
    public abstract void Add(SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold);

    /// <summary>All slices of the window are counted.</summary>
    public virtual void Complete(ref TFold fold)
    {
    }

    /// <summary>Takes back the oldest slice, which was counted.</summary>
    public abstract void Subtract(
        SliceStore<TKey, TAccumulator> store, SliceStore<TKey, TAccumulator>.Slice slice, ref TFold fold);

    /// <summary>Counts a record that came into a slice which is counted already.</summary>
    /// <param name="key">The record's key.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="value">The record alone, folded.</param>
    /// <param name="isNew">Whether it is the first of its key in the slice.</param>
    /// <param name="fold">The fold.</param>
    public virtual void Add(in TKey key, ulong hash, in TAccumulator value, bool isNew, ref TFold fold) =>
        throw new NotSupportedException(fold.Description);

    /// <summary>A record came into a slice which is counted, and was not added by itself.</summary>
    public virtual void Invalidate()
    {
    }

    /// <summary>Looks up many keys at once, so that the processor waits for many places in memory at the same
    /// time.</summary>
    protected void Probe(ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries)
    {
        Span<TKey> keys = _keys.AsSpan(0, entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            keys[i] = entries[i].Key;
        }

        hasher.HashBatch(keys, _hashes);
        Table.Probe(_hashes.AsSpan(0, entries.Length), _guesses);
    }

    /// <summary>What was guessed of the keys looked up: numbers of entries from 1.</summary>
    protected ReadOnlySpan<uint> Guesses => _guesses;

    /// <summary>The total of a key that was looked up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="probed">Its number among those looked up.</param>
    /// <param name="exists">False when it is new.</param>
    protected ref Total Find(scoped in TKey key, int probed, out bool exists) =>
        ref Table.GetOrAdd(in key, _hashes[probed], _guesses[probed], out exists);

    /// <summary>Removes a key that was looked up.</summary>
    /// <returns>The number of its entry, where the last one stands now.</returns>
    protected int Remove(scoped in TKey key, int probed) => Table.Remove(in key, _hashes[probed]);

    /// <summary>What was merged.</summary>
    internal struct Total
    {
        public TAccumulator Value;

        /// <summary>How many slices it is of; or the number of its entry, where something is kept beside it.</summary>
        public int Number;
    }
}
