using System.Numerics;
using System.Runtime.CompilerServices;

namespace Millrace.State.Heap;

/// <summary>Values by key, in memory, with the key's hash given by the caller. Belongs to one loop.</summary>
/// <remarks>Entries stand in the order of their first use; only the buckets move when the table grows.</remarks>
internal sealed class KeyedTable<TKey, TValue>(KeyHasher<TKey> hasher)
{
    private const int InitialEntries = 16;

    private int[] _buckets = new int[InitialEntries];
    private Entry[] _entries = new Entry[InitialEntries];

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>The value of a key, to be changed in place. Valid until the next call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash; the low half picks the bucket.</param>
    /// <param name="exists">False when the key is new; the value is then the default one.</param>
    public ref TValue GetOrAdd(in TKey key, ulong hash, out bool exists)
    {
        ref int bucket = ref _buckets[(uint)hash & (uint)(_buckets.Length - 1)];
        int index = bucket - 1;
        Entry[] entries = _entries;
        while ((uint)index < (uint)entries.Length)
        {
            ref Entry entry = ref entries[index];
            if (entry.Hash == hash && Same(in entry.Key, in key))
            {
                exists = true;
                return ref entry.Value;
            }

            index = entry.Next;
        }

        exists = false;
        return ref Add(in key, hash);
    }

    /// <summary>The key of an entry.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>, in the order of first use.</param>
    public ref readonly TKey KeyAt(int index) => ref _entries[index].Key;

    /// <summary>The value of an entry.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>, in the order of first use.</param>
    public ref TValue ValueAt(int index) => ref _entries[index].Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Same(in TKey left, in TKey right)
    {
        // The JIT resolves these at compile time: keys of one word are compared without a call.
        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(int)
            || typeof(TKey) == typeof(ulong) || typeof(TKey) == typeof(uint))
        {
            return EqualityComparer<TKey>.Default.Equals(left, right);
        }

        return hasher.Equals(in left, in right);
    }

    private ref TValue Add(in TKey key, ulong hash)
    {
        if (Count == _entries.Length)
        {
            Grow();
        }

        ref int bucket = ref _buckets[(uint)hash & (uint)(_buckets.Length - 1)];
        ref Entry entry = ref _entries[Count];
        entry.Hash = hash;
        entry.Key = key;
        entry.Next = bucket - 1;
        bucket = ++Count;
        return ref entry.Value;
    }

    private void Grow()
    {
        int size = checked(_entries.Length * 2);
        Array.Resize(ref _entries, size);
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)size)];
        for (int i = 0; i < Count; i++)
        {
            ref Entry entry = ref _entries[i];
            ref int bucket = ref _buckets[(uint)entry.Hash & (uint)(_buckets.Length - 1)];
            entry.Next = bucket - 1;
            bucket = i + 1;
        }
    }

    private struct Entry
    {
        public ulong Hash;
        public int Next;
        public TKey Key;
        public TValue Value;
    }
}
