using System.Diagnostics;
using System.Runtime.CompilerServices;
using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>Values by key, in memory, with the key's hash given by the caller. Belongs to one loop.</summary>
/// <remarks>
/// <para>
/// Entries stand in the order of their first use (<see cref="EntryPages{TEntry}"/>), and are found by
/// <see cref="KeySlots"/>. When a key is removed the last entry takes its place, so that entries have no gaps, the
/// pages at the end are given back, and slots shrink when few are left.
/// </para>
/// <para>
/// <see cref="Probe"/> looks up many keys at once, without a branch, so that the processor waits for many places in
/// memory at the same time. What it finds is a guess that <see cref="GetOrAdd(in TKey, ulong, uint, out bool)"/>
/// checks.
/// </para>
/// <para>What is frozen stays as it was, whatever becomes of the table.</para>
/// </remarks>
internal sealed class KeyedTable<TKey, TValue>
{
    /// <summary>Most entries that lie side by side.</summary>
    public const int PageEntries = EntryPages<Entry>.PageEntries;

    // Slots are given back when less than an eighth of them is taken: growing again is far away.
    private const int ShrinkRatio = 8;
    private const int FewSlots = 16;

    private readonly KeyHasher<TKey> _hasher;
    private KeySlots _slots = new();
    private EntryPages<Entry> _entries;
    private TableChanges<TKey>? _changes;

    /// <param name="hasher">Hash and equality of the keys.</param>
    /// <param name="copy">Copies a value so that the two share nothing that changes; null where that is so of any two
    /// values that are equal, or where the table is never frozen.</param>
    public KeyedTable(KeyHasher<TKey> hasher, Func<TValue, TValue>? copy = null)
    {
        _hasher = hasher;
        _entries = new EntryPages<Entry>(copy is null ? null : (ref Entry entry) => entry.Value = copy(entry.Value));
    }

    /// <summary>Number of keys.</summary>
    public int Count => _entries.Count;

    /// <summary>Number of slots; at least twice <see cref="Count"/>.</summary>
    public int Slots => _slots.Count;

    /// <summary>Number of pages that are there, with one in reserve at most.</summary>
    public int Pages => _entries.Pages;

    // Whether a first write to an entry is to be told: somebody reads what was frozen, or wants to know what has
    // changed.
    private bool TracksWrites => _changes is not null || _entries.IsFrozen();

    /// <summary>Guesses the entries of many keys.</summary>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="guesses">As long as <paramref name="hashes"/>; 0 where there is no guess. Keys that are added or
    /// removed afterwards only make it miss.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Probe(ReadOnlySpan<ulong> hashes, Span<uint> guesses) => _slots.Probe(hashes, guesses);

    /// <summary>As <see cref="Probe"/>, of keys whose values are about to be changed: what guessed entries are is set
    /// aside at once, where somebody may still read it, and whoever asks for changes is told of them.</summary>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="guesses">As long as <paramref name="hashes"/>, for <see cref="Guessed"/>; good until the next
    /// freeze, or until a key is removed.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void ProbeToChange(ReadOnlySpan<ulong> hashes, Span<uint> guesses)
    {
        _slots.Probe(hashes, guesses);
        if (TracksWrites)
        {
            _entries.ChangeMany(guesses[..hashes.Length]);
        }
    }

    /// <summary>The value of a key whose entry was guessed, to be changed in place. Valid until the next
    /// call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="guess">What <see cref="ProbeToChange"/> says of it.</param>
    /// <returns>A null reference where the guess is wrong, or there is none: then
    /// <see cref="GetOrAdd(in TKey, ulong, out bool)"/> gives it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TValue Guessed(scoped in TKey key, uint guess)
    {
        if (guess - 1 < (uint)Count)
        {
            ref Entry entry = ref _entries.At((int)guess - 1);
            if (Same(in entry.Key, in key))
            {
                Debug.Assert(!TracksWrites || _entries.IsTouched((int)guess - 1), "what is changed was set aside");
                return ref entry.Value;
            }
        }

        return ref Unsafe.NullRef<TValue>();
    }

    /// <summary>The value of a key, to be changed in place. Valid until the next call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="guess">What <see cref="Probe"/> says of it.</param>
    /// <param name="exists">False when the key is new; the value is then the default one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TValue GetOrAdd(scoped in TKey key, ulong hash, uint guess, out bool exists)
    {
        ref TValue guessed = ref ChangeIf(in key, guess);
        if (!Unsafe.IsNullRef(ref guessed))
        {
            exists = true;
            return ref guessed;
        }

        return ref GetOrAdd(in key, hash, out exists);
    }

    /// <summary>The value of a key whose entry may be the one with a number, to be changed in place. Valid until the
    /// next call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="number">From 1, of any time.</param>
    /// <returns>A null reference where it is not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TValue ChangeIf(scoped in TKey key, uint number) =>
        ref number - 1 < (uint)Count && Same(in _entries.At((int)number - 1).Key, in key)
            ? ref ChangeAt((int)number - 1)
            : ref Unsafe.NullRef<TValue>();

    /// <summary>The value of a key, to be changed in place. Valid until the next call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="exists">False when the key is new; the value is then the default one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ref TValue GetOrAdd(scoped in TKey key, ulong hash, out bool exists)
    {
        uint tag = (uint)hash;
        ulong[] slots = _slots.Of(tag);
        uint at = SlotOf(slots, in key, tag);
        int index = (int)(uint)slots[at] - 1;
        exists = index >= 0;
        return ref exists ? ref _entries.Change(index).Value : ref Add(in key, tag, at);
    }

    /// <summary>The place of a key, new or not, of which nothing is kept but the value that is set at once.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="guess">The number of its entry from 1, if it is known; else 0 or a wrong one.</param>
    public ref TValue Overwrite(scoped in TKey key, ulong hash, uint guess)
    {
        if (guess - 1 < (uint)Count && Same(in _entries.At((int)guess - 1).Key, in key))
        {
            return ref _entries.Overwrite((int)guess - 1).Value;
        }

        uint tag = (uint)hash;
        ulong[] slots = _slots.Of(tag);
        uint at = SlotOf(slots, in key, tag);
        int index = (int)(uint)slots[at] - 1;
        return ref index >= 0 ? ref _entries.Overwrite(index).Value : ref Add(in key, tag, at);
    }

    /// <summary>Makes room for so many keys; nothing happens unless there are none.</summary>
    public void Reserve(int keys) => _slots.Reserve(keys);

    /// <summary>Entries that have places and cannot be found yet: all of them are set, keys and values, and <see
    /// cref="TryFile"/> or <see cref="TryGather"/> follows, before any other call. Valid until the next one.</summary>
    /// <param name="most">How many would be good, from 1.</param>
    /// <returns>So many or fewer, side by side; what they hold is anything.</returns>
    public Span<Entry> AddUnfiled(int most) => _entries.AddMany(most);

    /// <summary>Of entries that were added last to a table that was empty before: makes sure that <see
    /// cref="TrySettle"/> makes them findable, which follows behind the last of them, before any other call than those
    /// two.</summary>
    /// <param name="hashes">The hashes of their keys, in their order.</param>
    /// <returns>False when a key comes twice: the table is good for nothing any more.</returns>
    public bool TryGather(ReadOnlySpan<ulong> hashes)
    {
        int first = Count - hashes.Length;
        for (int i = 0; i < hashes.Length; i++)
        {
            uint tag = (uint)hashes[i];
            if (!_slots.TryGather(tag, first + i))
            {
                // There is less room than was reserved, or much chance: from here on one by one.
                return TrySettle() && TryFile(hashes[i..], new uint[hashes.Length - i]);
            }
        }

        return true;
    }

    /// <summary>See <see cref="TryGather"/>.</summary>
    /// <returns>False when a key comes twice: the table is good for nothing any more.</returns>
    public bool TrySettle() =>
        _slots.TrySettle((left, right) => Same(in _entries.At(left).Key, in _entries.At(right).Key));

    /// <summary>Makes entries findable that were added last.</summary>
    /// <param name="hashes">The hashes of their keys, in their order.</param>
    /// <param name="guesses">Room for as many.</param>
    /// <returns>False when a key comes twice, or was there: the table is good for nothing any more.</returns>
    public bool TryFile(ReadOnlySpan<ulong> hashes, Span<uint> guesses)
    {
        // So that the processor waits for many places in memory at the same time.
        _slots.Probe(hashes, guesses);
        int first = Count - hashes.Length;
        for (int i = 0; i < hashes.Length; i++)
        {
            uint tag = (uint)hashes[i];
            ulong[] slots = _slots.Of(tag);
            uint at = SlotOf(slots, in _entries.At(first + i).Key, tag);
            if (slots[at] != 0)
            {
                return false;
            }

            _slots.AddAt(tag, at, first + i);
        }

        return true;
    }

    /// <summary>The entry of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <returns>Its index, good until a key is removed; -1 when the key is not there.</returns>
    public int IndexOf(in TKey key, ulong hash)
    {
        uint tag = (uint)hash;
        ulong[] slots = _slots.Of(tag);
        return (int)(uint)slots[SlotOf(slots, in key, tag)] - 1;
    }

    /// <summary>Removes a key. The last entry takes the place of its entry.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <returns>Index of the entry removed, where another one may stand now; -1 when the key is not there.</returns>
    public int Remove(in TKey key, ulong hash)
    {
        uint tag = (uint)hash;
        ulong[] slots = _slots.Of(tag);
        uint at = SlotOf(slots, in key, tag);
        int index = (int)(uint)slots[at] - 1;
        if (index < 0)
        {
            return -1;
        }

        _changes?.Remove(in _entries.At(index).Key, index, Count);
        _slots.Remove(tag, at);
        int last = Count - 1;
        if (index != last)
        {
            _slots.Renumber((uint)_hasher.Hash(in _entries.At(last).Key), last, index);
            _entries.Move(last, index);
            _changes?.Move(last, index);
        }

        _entries.RemoveLast();
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

        int slots = (int)_slots.Mask + 1;
        bool givesBack = slots > FewSlots && ShrinkRatio * Count < _slots.Count;
        _slots.Clear(givesBack);
        _entries.Clear(givesBack);
        _changes?.GiveUp();
    }

    /// <summary>The key of an entry.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>; in the order of first use as long as no key is
    /// removed.</param>
    public ref readonly TKey KeyAt(int index) => ref _entries.At(index).Key;

    /// <summary>The value of an entry, to be read.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>; see <see cref="KeyAt"/>.</param>
    public ref readonly TValue ValueAt(int index) => ref _entries.At(index).Value;

    /// <summary>The value of an entry, to be changed in place, with all it refers to. Valid until the next
    /// call.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>; see <see cref="KeyAt"/>.</param>
    public ref TValue ChangeAt(int index) => ref _entries.Change(index).Value;

    /// <summary>An entry and those behind it, as many as lie side by side, to go through many of them. Valid until a
    /// key is added or removed.</summary>
    /// <param name="first">Zero-based, below <see cref="Count"/>; see <see cref="KeyAt"/>.</param>
    public ReadOnlySpan<Entry> EntriesFrom(int first) => _entries.From(first);

    /// <summary>As <see cref="EntriesFrom"/>, with values that may be changed.</summary>
    /// <param name="first">Zero-based, below <see cref="Count"/>; see <see cref="KeyAt"/>.</param>
    public Span<Entry> ChangeFrom(int first) => _entries.ChangeFrom(first);

    /// <summary>All entries as they are now.</summary>
    /// <param name="order">What it is frozen for.</param>
    /// <returns>To be released by whoever reads it, on any thread.</returns>
    public FrozenTable<TKey, TValue> Freeze(in SnapshotOrder order)
    {
        FrozenPages<Entry> entries = _entries.Freeze();
        if (!order.TracksChanges)
        {
            _changes = null;
            _entries.TakeTouched(null);
            return new FrozenTable<TKey, TValue>(entries, null);
        }

        _changes ??= new TableChanges<TKey>();
        ulong[] touched = _entries.TakeTouched(_changes.TakeRoom(_entries.Words));
        return new FrozenTable<TKey, TValue>(entries, _changes.Freeze(in order, touched, Count));
    }

    /// <summary>A checkpoint is complete: what was changed before it is not asked for again.</summary>
    public void Completed(long checkpoint) => _changes?.Completed(checkpoint);

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
    private uint SlotOf(ulong[] slots, in TKey key, uint tag)
    {
        uint mask = _slots.Mask;
        uint at = tag & mask;
        for (ulong slot = slots[at]; slot != 0; slot = slots[at])
        {
            if ((uint)(slot >> 32) == tag && Same(in _entries.At((int)(uint)slot - 1).Key, in key))
            {
                return at;
            }

            at = (at + 1) & mask;
        }

        return at;
    }

    private ref TValue Add(scoped in TKey key, uint tag, uint at)
    {
        _slots.AddAt(tag, at, Count);
        ref Entry entry = ref _entries.Add();
        entry.Key = key;
        return ref entry.Value;
    }

    /// <summary>A key with its value.</summary>
    internal struct Entry
    {
        public TKey Key;
        public TValue Value;
    }
}
