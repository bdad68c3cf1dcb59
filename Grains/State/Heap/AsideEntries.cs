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
/// forward, and never waits for a place in memory that is far from the last one. Where those of one page are is told by
/// a chain of small blocks, which for all pages together stay in the processor's nearer caches.
/// </para>
/// <para>
/// The room it takes serves the next freeze again: fresh memory comes from the system page by page, and each of them is
/// waited for.
/// </para>
/// </remarks>
internal sealed class AsideEntries<TEntry>
{
    private const int BlockBits = 3;
    private const int BlockEntries = 1 << BlockBits;
    private const int MaxSlabBits = 11;
    private const int SlabShare = 8;
    private const int ChunkBits = 4;
    private const int ChunkPages = 1 << ChunkBits;
    private const int PageBits = EntryPages<TEntry>.PageBits;
    private const int PageEntries = EntryPages<TEntry>.PageEntries;
    private const int ChunkEntries = PageEntries * ChunkPages;
    private const int WordBits = 6;
    private const int PageWords = (PageEntries + 63) >> WordBits;

    // Of an item of a block: which value, and for which entry of the page.
    private const int PlaceBits = 16;
    private const ulong PlaceMask = (1UL << PlaceBits) - 1;

    // A chain: the number of its first block, which alone may not be full, and how many values it has.
    private const int CountBits = 16;
    private const ulong CountMask = (1UL << CountBits) - 1;

    private readonly int _slabBits;
    private Chunk?[] _chunks;
    private TEntry[][] _values = [];
    private BlockSlab[] _blocks = [];
    private int _count;

    // Block 0 does not exist: a chain that is all zero is empty.
    private int _blockCount = 1;

    /// <param name="count">Number of entries at the freeze.</param>
    public AsideEntries(int count)
    {
        _slabBits = SlabBitsOf(count);
        _chunks = new Chunk?[ChunksOf(count)];
    }

    /// <summary>On the owner's loop, when nobody reads it any more: makes it empty, for another freeze. It keeps as
    /// much room as was used for the last one.</summary>
    /// <param name="count">Number of entries at that freeze.</param>
    /// <returns>False when it is of no use: so few entries ask for smaller pieces, or what is left would keep objects
    /// alive.</returns>
    public bool TryReset(int count)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>() || SlabBitsOf(count) != _slabBits)
        {
            return false;
        }

        Trim(ref _values, _count);
        Trim(ref _blocks, _blockCount << BlockBits);
        foreach (Chunk? chunk in _chunks)
        {
            chunk?.Clear();
        }

        Array.Resize(ref _chunks, ChunksOf(count));
        _count = 0;
        _blockCount = 1;
        return true;
    }

    /// <summary>On the owner's loop: whether the value of an entry is here.</summary>
    public bool Has(int index) =>
        _chunks[index >> (PageBits + ChunkBits)] is { } chunk
        && ((chunk.Kept[WordOf(index)] >> index) & 1) != 0;

    /// <summary>On the owner's loop: sets the value of an entry aside that is not here yet. The entry may be written to
    /// afterwards.</summary>
    /// <param name="index">The entry, below the number of entries at the freeze.</param>
    /// <param name="entry">Its value.</param>
    public void Keep(int index, in TEntry entry)
    {
        int number = _count++;
        int offset = number & ((1 << _slabBits) - 1);
        TEntry[] slab = offset == 0 ? SlabAt(number >> _slabBits) : _values[number >> _slabBits];
        slab[offset] = entry;

        ref Chunk? place = ref _chunks[index >> (PageBits + ChunkBits)];
        Chunk chunk = place ?? MakeChunk(ref place);
        chunk.Kept[WordOf(index)] |= 1UL << index;
        ref ulong chain = ref chunk.Chains[(index >> PageBits) & (ChunkPages - 1)];
        int values = (int)(chain & CountMask);
        int block = (int)(chain >> CountBits);
        if ((values & (BlockEntries - 1)) == 0)
        {
            block = MakeBlock(block);
        }

        SlabOf(block, out int first).Items[first + (values & (BlockEntries - 1))] =
            ((ulong)(uint)number << PlaceBits) | (uint)(index & (PageEntries - 1));

        // Everything above is seen by whoever sees this; and this is seen by whoever sees the entry change.
        Volatile.Write(ref chain, ((ulong)(uint)block << CountBits) | (uint)(values + 1));
        Volatile.WriteBarrier();
    }

    /// <summary>On the reader's thread: puts values in their places.</summary>
    /// <param name="page">A page.</param>
    /// <param name="entries">All of its entries, copied before this call.</param>
    public void MoveInto(int page, Span<TEntry> entries)
    {
        Volatile.ReadBarrier();
        if (Volatile.Read(ref _chunks[page >> ChunkBits]) is not { } chunk)
        {
            return;
        }

        ulong chain = Volatile.Read(ref chunk.Chains[page & (ChunkPages - 1)]);
        TEntry[][] kept = Volatile.Read(ref _values);
        int block = (int)(chain >> CountBits);
        for (int values = (int)(chain & CountMask); values > 0;)
        {
            int length = ((values - 1) & (BlockEntries - 1)) + 1;
            BlockSlab slab = SlabOf(block, out int first);
            foreach (ulong item in slab.Items.AsSpan(first, length))
            {
                int number = (int)(item >> PlaceBits);
                entries[(int)(item & PlaceMask)] = kept[number >> _slabBits][number & ((1 << _slabBits) - 1)];
            }

            values -= length;
            block = slab.Next[first >> BlockBits];
        }
    }

    private static int SlabBitsOf(int count) =>
        Math.Clamp(32 - int.LeadingZeroCount(count / SlabShare), BlockBits, MaxSlabBits);

    private static int ChunksOf(int count) => (count + ChunkEntries - 1) / ChunkEntries;

    private static int WordOf(int index) => (index >> WordBits) & ((ChunkPages * PageWords) - 1);

    private void Trim<T>(ref T[] slabs, int items)
    {
        int used = (items + (1 << _slabBits) - 1) >> _slabBits;
        if (2 * used < slabs.Length)
        {
            Array.Resize(ref slabs, used);
        }
    }

    private static Chunk MakeChunk(ref Chunk? place)
    {
        Chunk chunk = new();
        Volatile.Write(ref place, chunk);
        return chunk;
    }

    // The reader finds a longer array or the one before, both of which have what it knows of.
    private static void Put<T>(ref T[] slabs, int number, T slab)
    {
        if (number >= slabs.Length)
        {
            T[] longer = new T[Math.Max(4, number * 2)];
            slabs.CopyTo(longer, 0);
            longer[number] = slab;
            Volatile.Write(ref slabs, longer);
            return;
        }

        slabs[number] = slab;
    }

    // What is never read before it is written needs no zeros, unless the collector reads it.
    private TEntry[] SlabAt(int number)
    {
        if (number < _values.Length && _values[number] is { } former)
        {
            return former;
        }

        TEntry[] slab = RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>()
            ? new TEntry[1 << _slabBits]
            : GC.AllocateUninitializedArray<TEntry>(1 << _slabBits);
        Put(ref _values, number, slab);
        return slab;
    }

    private BlockSlab SlabOf(int block, out int first)
    {
        int number = block << BlockBits;
        first = number & ((1 << _slabBits) - 1);
        return Volatile.Read(ref _blocks)[number >> _slabBits];
    }

    private int MakeBlock(int next)
    {
        int block = _blockCount++;
        int number = (int)(((long)block << BlockBits) >> _slabBits);
        if (number >= _blocks.Length || _blocks[number] is null)
        {
            Put(ref _blocks, number, new BlockSlab(1 << _slabBits));
        }

        SlabOf(block, out int first).Next[first >> BlockBits] = next;
        return block;
    }

    /// <summary>What is known of neighbouring pages.</summary>
    private sealed class Chunk
    {
        public readonly ulong[] Chains = new ulong[ChunkPages];
        public readonly ulong[] Kept = new ulong[ChunkPages * PageWords];

        public void Clear()
        {
            Array.Clear(Chains);
            Array.Clear(Kept);
        }
    }

    /// <summary>Blocks side by side.</summary>
    private sealed class BlockSlab(int items)
    {
        public readonly ulong[] Items = new ulong[items];
        public readonly int[] Next = new int[items >> BlockBits];
    }
}
