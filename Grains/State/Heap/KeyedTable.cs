using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.State.Heap;

/// <summary>Values by key, in memory, with the key's hash given by the caller. Belongs to one loop.</summary>
/// <remarks>
/// <para>
/// Open addressing over slots of eight bytes: the low half of a hash and the number of an entry. Entries stand in the
/// order of their first use, in pages that never move: growing copies slots only, and whoever freezes the table has
/// pages to share. When a key is removed the last entry takes its place, so that entries have no gaps, the pages at the
/// end are given back, and slots shrink when few are left.
/// </para>
/// <para>
/// <see cref="Probe"/> looks up many keys at once, without a branch, so that the processor waits for many places in
/// memory at the same time. What it finds is a guess that <see cref="GetOrAdd(in TKey, ulong, uint, out bool)"/>
/// checks.
/// </para>
/// </remarks>
internal sealed class KeyedTable<TKey, TValue>
{
    /// <summary>Most entries that lie side by side.</summary>
    public const int PageEntries = 1 << PageBits;

    private const int FirstSlots = 16;
    private const int PageBits = 8;

    // Slots are halved when less than an eighth of them is taken: growing again is far away.
    private const int ShrinkRatio = 8;

    // A probe reads this many slots without asking whether one of them is the last.
    private const int ProbedSlots = 3;

    private readonly KeyHasher<TKey> _hasher;
    private ulong[] _slots = NewSlots(FirstSlots);
    private uint _mask = FirstSlots - 1;
    private Entry[][] _pages = [new Entry[FirstSlots / 2]];

    public KeyedTable(KeyHasher<TKey> hasher) => _hasher = hasher;

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>Number of slots; at least twice <see cref="Count"/>.</summary>
    public int Slots => (int)_mask + 1;

    /// <summary>Number of pages that are there, with one in reserve at most.</summary>
    public int Pages => _pages.Count(page => page is not null);

    /// <summary>Guesses the entries of many keys.</summary>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="guesses">As long as <paramref name="hashes"/>; 0 where there is no guess. Keys that are added or
    /// removed afterwards only make it miss.</param>
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
    public ref TValue GetOrAdd(scoped in TKey key, ulong hash, uint guess, out bool exists)
    {
        // One comparison for both: no guess, and a guess at an entry that has been removed.
        if (guess - 1 < (uint)Count)
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
    public ref TValue GetOrAdd(scoped in TKey key, ulong hash, out bool exists)
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

    /// <summary>The entry of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <returns>Its index, good until a key is removed; -1 when the key is not there.</returns>
    public int IndexOf(in TKey key, ulong hash)
    {
        ulong slot = _slots[SlotOf(in key, (uint)hash)];
        return (int)(uint)slot - 1;
    }

    /// <summary>Removes a key. The last entry takes the place of its entry.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <returns>Index of the entry removed, where another one may stand now; -1 when the key is not there.</returns>
    public int Remove(in TKey key, ulong hash)
    {
        uint at = SlotOf(in key, (uint)hash);
        int index = (int)(uint)_slots[at] - 1;
        if (index < 0)
        {
            return -1;
        }

        CloseGap(at);
        int last = Count - 1;
        if (index != last)
        {
            ref Entry moved = ref EntryAt(last);
            uint tag = (uint)_hasher.Hash(in moved.Key);
            _slots[SlotOfEntry(tag, last)] = ((ulong)tag << 32) | (uint)(index + 1);
            EntryAt(index) = moved;
        }

        EntryAt(last) = default;
        Count = last;
        GiveBack();
        return index;
    }

    /// <summary>Removes all keys. The room they took stays for others, unless most of it was not used; after a few
    /// keys it costs little.</summary>
    public void Clear()
    {
        if (Count == 0)
        {
            return;
        }

        int slots = (int)_mask + 1;
        if (slots > FirstSlots && ShrinkRatio * Count < slots)
        {
            _slots = NewSlots(FirstSlots);
            _mask = FirstSlots - 1;
            _pages = [new Entry[FirstSlots / 2]];
        }
        else
        {
            Array.Clear(_slots);
            for (int start = 0; start < Count; start += PageEntries)
            {
                Array.Clear(_pages[start >> PageBits], 0, Math.Min(PageEntries, Count - start));
            }
        }

        Count = 0;
    }

    /// <summary>The key of an entry.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>; in the order of first use as long as no key is
    /// removed.</param>
    public ref readonly TKey KeyAt(int index) => ref EntryAt(index).Key;

    /// <summary>The value of an entry.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>; see <see cref="KeyAt"/>.</param>
    public ref TValue ValueAt(int index) => ref EntryAt(index).Value;

    /// <summary>An entry and those behind it, as many as lie side by side, to go through many of them. Valid until a
    /// key is added or removed.</summary>
    /// <param name="first">Zero-based, below <see cref="Count"/>; see <see cref="KeyAt"/>.</param>
    public Span<Entry> EntriesFrom(int first)
    {
        int start = first & (PageEntries - 1);
        return _pages[first >> PageBits].AsSpan(start, Math.Min(PageEntries - start, Count - first));
    }

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

    // The slot of a key, or the free one where it would be put.
    private uint SlotOf(in TKey key, uint tag)
    {
        uint at = tag & _mask;
        for (ulong slot = _slots[at]; slot != 0; slot = _slots[at])
        {
            if ((uint)(slot >> 32) == tag && Same(in EntryAt((int)(uint)slot - 1).Key, in key))
            {
                return at;
            }

            at = (at + 1) & _mask;
        }

        return at;
    }

    private uint SlotOfEntry(uint tag, int index)
    {
        uint at = tag & _mask;
        while ((uint)_slots[at] != (uint)(index + 1))
        {
            Debug.Assert(_slots[at] != 0, "an entry has a slot, and no free one lies between it and its home");
            at = (at + 1) & _mask;
        }

        return at;
    }

    // What stands behind the gap moves into it, unless that would be before its home.
    private void CloseGap(uint gap)
    {
        uint at = gap;
        while (true)
        {
            at = (at + 1) & _mask;
            ulong slot = _slots[at];
            if (slot == 0)
            {
                break;
            }

            uint home = (uint)(slot >> 32) & _mask;
            if (((at - home) & _mask) >= ((at - gap) & _mask))
            {
                _slots[gap] = slot;
                gap = at;
            }
        }

        _slots[gap] = 0;
    }

    // One page stays in reserve, so that a table that goes up and down around a page's end allocates nothing.
    private void GiveBack()
    {
        uint slots = _mask + 1;
        if (slots > FirstSlots && ShrinkRatio * Count < (int)slots)
        {
            Resize(slots / 2);
        }

        int needed = ((Count + PageEntries - 1) >> PageBits) + 1;
        if (needed < _pages.Length)
        {
            _pages[needed] = null!;
        }

        if (_pages.Length > ShrinkRatio && needed * 4 < _pages.Length)
        {
            Array.Resize(ref _pages, _pages.Length / 2);
        }
    }

    private ref TValue Add(scoped in TKey key, uint tag, uint at)
    {
        // At most half of the slots are taken: a key is rarely far from home.
        if (2 * (Count + 1) > (int)_mask + 1)
        {
            Resize(checked((_mask + 1) * 2));
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

        _pages[page] ??= new Entry[PageEntries];
    }

    private void Resize(uint slots)
    {
        ulong[] old = _slots;
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

    /// <summary>A key with its value.</summary>
    internal struct Entry
    {
        public TKey Key;
        public TValue Value;
    }
}
