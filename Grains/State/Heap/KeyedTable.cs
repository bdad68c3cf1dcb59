using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.State.Heap;

/// <summary>Values by key, in memory, with the key's hash given by the caller. Belongs to one loop.</summary>
/// <remarks>
/// <para>
/// Open addressing over slots of eight bytes: the low half of a hash and the number of an entry. Entries stand in the
/// order of their first use, in pages that never move: growing copies slots only, and whoever freezes the table has
/// pages to share.
/// </para>
/// <para>
/// <see cref="Probe"/> looks up many keys at once, without a branch, so that the processor waits for many places in
/// memory at the same time. What it finds is a guess that <see cref="GetOrAdd(in TKey, ulong, uint, out bool)"/>
/// checks.
/// </para>
/// </remarks>
internal sealed class KeyedTable<TKey, TValue>
{
    private const int FirstSlots = 16;
    private const int PageBits = 8;
    private const int PageEntries = 1 << PageBits;

    // A probe reads this many slots without asking whether one of them is the last.
    private const int ProbedSlots = 3;

    private readonly KeyHasher<TKey> _hasher;
    private ulong[] _slots = NewSlots(FirstSlots);
    private uint _mask = FirstSlots - 1;
    private Entry[][] _pages = [new Entry[FirstSlots / 2]];

    public KeyedTable(KeyHasher<TKey> hasher) => _hasher = hasher;

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>Guesses the entries of many keys.</summary>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="guesses">As long as <paramref name="hashes"/>; 0 where there is no guess. Good until the next
    /// key is removed; keys that are added only make it miss them.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Probe(ReadOnlySpan<ulong> hashes, Span<uint> guesses)
    {
        guesses = guesses[..hashes.Length];
        ref ulong slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        uint mask = _mask;
        for (int i = 0; i < guesses.Length; i++)
        {
            uint tag = (uint)hashes[i];
            ref ulong home = ref Unsafe.Add(ref slots, tag & mask);
            ulong first = home;
            ulong second = Unsafe.Add(ref home, 1);
            ulong third = Unsafe.Add(ref home, 2);
            ulong found = (uint)(first >> 32) == tag ? first : 0;
            found = (uint)(second >> 32) == tag ? second : found;
            found = (uint)(third >> 32) == tag ? third : found;
            guesses[i] = (uint)found;
        }
    }

    /// <summary>The value of a key, to be changed in place. Valid until the next call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="guess">What <see cref="Probe"/> says of it.</param>
    /// <param name="exists">False when the key is new; the value is then the default one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TValue GetOrAdd(in TKey key, ulong hash, uint guess, out bool exists)
    {
        if (guess != 0)
        {
            ref Entry entry = ref EntryAt((int)guess - 1);
            if (Same(in entry.Key, in key))
            {
                exists = true;
                return ref entry.Value;
            }
        }

        return ref GetOrAdd(in key, hash, out exists);
    }

    /// <summary>The value of a key, to be changed in place. Valid until the next call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="exists">False when the key is new; the value is then the default one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ref TValue GetOrAdd(in TKey key, ulong hash, out bool exists)
    {
        uint tag = (uint)hash;
        uint at = tag & _mask;
        for (ulong slot = _slots[at]; slot != 0; slot = _slots[at])
        {
            if ((uint)(slot >> 32) == tag)
            {
                ref Entry entry = ref EntryAt((int)(uint)slot - 1);
                if (Same(in entry.Key, in key))
                {
                    exists = true;
                    return ref entry.Value;
                }
            }

            at = (at + 1) & _mask;
        }

        exists = false;
        return ref Add(in key, tag, at);
    }

    /// <summary>The key of an entry.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>, in the order of first use.</param>
    public ref readonly TKey KeyAt(int index) => ref EntryAt(index).Key;

    /// <summary>The value of an entry.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>, in the order of first use.</param>
    public ref TValue ValueAt(int index) => ref EntryAt(index).Value;

    private static ulong[] NewSlots(int slots) => new ulong[slots + ProbedSlots - 1];

    // Not by index: every number in a slot is that of an entry, which the compiler cannot know.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry EntryAt(int index)
    {
        Debug.Assert((uint)index < (uint)Count, "an entry's number lies below the number of entries");
        Entry[] page = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pages), index >> PageBits);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(page), index & (PageEntries - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Same(in TKey left, in TKey right)
    {
        // The JIT resolves these at compile time: keys of one word are compared without a call.
        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(int)
            || typeof(TKey) == typeof(ulong) || typeof(TKey) == typeof(uint))
        {
            return EqualityComparer<TKey>.Default.Equals(left, right);
        }

        return _hasher.Equals(in left, in right);
    }

    private ref TValue Add(in TKey key, uint tag, uint at)
    {
        // At most half of the slots are taken: a key is rarely far from home.
        if (2 * (Count + 1) > (int)_mask + 1)
        {
            Grow();
            at = FreeFrom(tag);
        }

        MakeRoom();
        _slots[at] = ((ulong)tag << 32) | (uint)(Count + 1);
        Count++;
        ref Entry entry = ref EntryAt(Count - 1);
        entry.Key = key;
        return ref entry.Value;
    }

    private uint FreeFrom(uint tag)
    {
        uint at = tag & _mask;
        while (_slots[at] != 0)
        {
            at = (at + 1) & _mask;
        }

        return at;
    }

    // The first page grows with its entries, so that a small table is small.
    private void MakeRoom()
    {
        int page = Count >> PageBits;
        if (page == 0)
        {
            if (Count == _pages[0].Length)
            {
                Array.Resize(ref _pages[0], Math.Min(Count * 2, PageEntries));
            }

            return;
        }

        if ((Count & (PageEntries - 1)) != 0)
        {
            return;
        }

        if (page == _pages.Length)
        {
            Array.Resize(ref _pages, checked(page * 2));
        }

        _pages[page] = new Entry[PageEntries];
    }

    private void Grow()
    {
        ulong[] old = _slots;
        uint slots = checked((_mask + 1) * 2);
        _slots = NewSlots(checked((int)slots));
        _mask = slots - 1;
        foreach (ulong slot in old)
        {
            if (slot != 0)
            {
                _slots[FreeFrom((uint)(slot >> 32))] = slot;
            }
        }
    }

    private struct Entry
    {
        public TKey Key;
        public TValue Value;
    }
}
