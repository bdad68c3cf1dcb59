using System.Diagnostics;

namespace Millrace.State.Heap;

/// <summary>Which of the values that were set aside belong to a page. Used by one thread.</summary>
/// <remarks>A chain of small blocks for each page: the blocks that are being filled stay, for all pages together, in
/// the processor's nearer caches.</remarks>
internal sealed class AsideOrder
{
    private const int BlockBits = 3;
    private const int BlockItems = 1 << BlockBits;
    private const int SlabBlockBits = 8;
    private const int SlabBlocks = 1 << SlabBlockBits;

    // Of an item: which value, and for which entry of the page.
    private const int PlaceBits = 16;
    private const ulong PlaceMask = (1UL << PlaceBits) - 1;

    private readonly List<Slab> _slabs = [];
    private Chain[] _chains = [];

    // Block 0 does not exist: a chain that is all zero is empty.
    private int _blocks = 1;

    /// <summary>Number of values.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a value, from 0 in the order in which they were added.</summary>
    public static int NumberOf(ulong item) => (int)(item >> PlaceBits);

    /// <summary>The place of its entry within the page.</summary>
    public static int PlaceOf(ulong item) => (int)(item & PlaceMask);

    /// <summary>Adds the next value.</summary>
    /// <param name="page">The page of its entry.</param>
    /// <param name="place">The place within the page.</param>
    public void Add(int page, int place)
    {
        Debug.Assert((uint)place <= PlaceMask, "a place of a page fits its bits");
        if (page >= _chains.Length)
        {
            Array.Resize(ref _chains, Math.Max(page + 1, 2 * _chains.Length));
        }

        ref Chain chain = ref _chains[page];
        int at = chain.Count++ & (BlockItems - 1);
        if (at == 0)
        {
            chain.Block = MakeBlock(chain.Block);
        }

        SlabOf(chain.Block, out int first).Items[first + at] = ((ulong)(uint)Count++ << PlaceBits) | (uint)place;
    }

    /// <summary>The values of a page, block by block; those that were added last come first, but for those within a
    /// block.</summary>
    public Items Of(int page) => new(this, page < _chains.Length ? _chains[page] : default);

    private int MakeBlock(int next)
    {
        int block = _blocks++;
        if (block >> SlabBlockBits == _slabs.Count)
        {
            _slabs.Add(new Slab());
        }

        _slabs[block >> SlabBlockBits].Next[block & (SlabBlocks - 1)] = next;
        return block;
    }

    private Slab SlabOf(int block, out int first)
    {
        first = (block & (SlabBlocks - 1)) << BlockBits;
        return _slabs[block >> SlabBlockBits];
    }

    /// <summary>The items of a page, block by block.</summary>
    public ref struct Items
    {
        private readonly AsideOrder _order;
        private int _block;
        private int _left;

        internal Items(AsideOrder order, Chain chain)
        {
            _order = order;
            _block = chain.Block;
            _left = chain.Count;
        }

        /// <summary>Those of a block, in the order in which they were added.</summary>
        public ReadOnlySpan<ulong> Current { get; private set; }

        /// <summary>Goes to the block that was filled before.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            // The block that is being filled alone may not be full.
            int length = ((_left - 1) & (BlockItems - 1)) + 1;
            Slab slab = _order.SlabOf(_block, out int first);
            Current = slab.Items.AsSpan(first, length);
            _left -= length;
            _block = slab.Next[first >> BlockBits];
            return true;
        }
    }

    /// <summary>What a page has.</summary>
    internal struct Chain
    {
        public int Block;
        public int Count;
    }

    /// <summary>Blocks side by side.</summary>
    private sealed class Slab
    {
        public readonly ulong[] Items = new ulong[SlabBlocks << BlockBits];
        public readonly int[] Next = new int[SlabBlocks];
    }
}
