using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Millrace.State.Heap;

/// <summary>Values that entries had at a freeze, set aside before the entries were first written to.</summary>
/// <remarks>
/// <para>
/// The owner's loop sets aside, one other thread reads, and no lock is between them. What is set aside is visible to
/// the reader before the entry is written to: a reader who copies entries from where they stand, whatever is done to
/// them meanwhile, and then puts what was set aside in its place, has the entries as they were at the freeze.
/// </para>
/// <para>
/// Values stand one behind the other in the order in which they were set aside, whatever their pages: the loop writes
/// forward, and never waits for a place in memory that is far from the last one. Sorting them by page is left to the
/// reader (<see cref="AsideOrder"/>). Of two values of one entry the one that was set aside first counts.
/// </para>
/// <para>
/// The room it takes serves the next freeze again: fresh memory comes from the system page by page, and each of them is
/// waited for.
/// </para>
/// </remarks>
internal sealed class AsideEntries<TEntry>
{
    private const int MinSlabBits = 3;
    private const int MaxSlabBits = 11;
    private const int SlabShare = 8;
    private const int PageBits = EntryPages<TEntry>.PageBits;
    private const int PageEntries = EntryPages<TEntry>.PageEntries;

    private readonly int _slabBits;
    private Slab[] _slabs = [];
    private int _count;

    // The reader's.
    private AsideOrder? _order;

    /// <param name="count">Number of entries at the freeze.</param>
    public AsideEntries(int count) => _slabBits = SlabBitsOf(count);

    private int SlabMask => (1 << _slabBits) - 1;

    /// <summary>On the owner's loop, when nobody reads it any more: makes it empty, for another freeze. It keeps as
    /// much room as was used for the last one.</summary>
    /// <param name="count">Number of entries at that freeze.</param>
    /// <returns>False when it is of no use: so many entries ask for pieces of another size.</returns>
    public bool TryReset(int count)
    {
        Debug.Assert(
            !RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>(), "what is left would keep objects alive");
        if (SlabBitsOf(count) != _slabBits)
        {
            return false;
        }

        Array.Resize(ref _slabs, (_count + SlabMask) >> _slabBits);

        _count = 0;
        _order = null;
        return true;
    }

    /// <summary>On the owner's loop: sets the value of an entry aside. It may be written to afterwards.</summary>
    /// <param name="index">The entry, below the number of entries at the freeze.</param>
    /// <param name="entry">Its value.</param>
    public void Keep(int index, in TEntry entry)
    {
        Put(_count, index, in entry);
        Publish(_count + 1);
    }

    /// <summary>On the owner's loop: sets the values of entries aside, which may be written to afterwards.</summary>
    /// <param name="indexes">The entries, below the number of entries at the freeze.</param>
    /// <param name="pages">Where they are.</param>
    public void KeepMany(ReadOnlySpan<int> indexes, TEntry[][] pages)
    {
        int number = _count;
        foreach (int index in indexes)
        {
            Put(number++, index, in pages[index >> PageBits][index & (PageEntries - 1)]);
        }

        Publish(number);
    }

    /// <summary>On the reader's thread: puts values in their places.</summary>
    /// <param name="page">A page.</param>
    /// <param name="entries">All of its entries, copied before this call.</param>
    public void MoveInto(int page, Span<TEntry> entries)
    {
        Volatile.ReadBarrier();
        int count = Volatile.Read(ref _count);
        if (count == 0)
        {
            return;
        }

        Slab[] slabs = Volatile.Read(ref _slabs);
        AsideOrder order = _order ??= new AsideOrder();
        for (int number = order.Count; number < count; number++)
        {
            int index = slabs[number >> _slabBits].Indexes[number & SlabMask];
            order.Add(index >> PageBits, index & (PageEntries - 1));
        }

        // Of one entry the last one that is put there was set aside first.
        AsideOrder.Items items = order.Of(page);
        while (items.MoveNext())
        {
            for (int i = items.Current.Length - 1; i >= 0; i--)
            {
                ulong item = items.Current[i];
                int number = AsideOrder.NumberOf(item);
                entries[AsideOrder.PlaceOf(item)] = slabs[number >> _slabBits].Values[number & SlabMask];
            }
        }
    }

    private static int SlabBitsOf(int count) =>
        Math.Clamp(32 - int.LeadingZeroCount(count / SlabShare), MinSlabBits, MaxSlabBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int number, int index, in TEntry entry)
    {
        int offset = number & SlabMask;
        Slab slab = offset == 0 ? SlabAt(number >> _slabBits) : _slabs[number >> _slabBits];
        slab.Values[offset] = entry;
        slab.Indexes[offset] = index;
    }

    // Everything before is seen by whoever sees this; and this is seen by whoever sees an entry change.
    private void Publish(int count)
    {
        Volatile.Write(ref _count, count);
        Volatile.WriteBarrier();
    }

    // The reader finds a longer array or the one before, both of which have what it knows of.
    private Slab SlabAt(int number)
    {
        if (number < _slabs.Length && _slabs[number] is { } former)
        {
            return former;
        }

        Slab slab = new(1 << _slabBits);
        if (number >= _slabs.Length)
        {
            Slab[] longer = new Slab[Math.Max(4, number * 2)];
            _slabs.CopyTo(longer, 0);
            longer[number] = slab;
            Volatile.Write(ref _slabs, longer);
            return slab;
        }

        _slabs[number] = slab;
        return slab;
    }

    /// <summary>Values side by side, and whose they are.</summary>
    private sealed class Slab(int length)
    {
        // What is never read before it is written needs no zeros, unless the collector reads it.
        public readonly TEntry[] Values = RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>()
            ? new TEntry[length]
            : GC.AllocateUninitializedArray<TEntry>(length);

        public readonly int[] Indexes = GC.AllocateUninitializedArray<int>(length);
    }
}
