using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.State.Heap;

/// <summary>Items by number, in pages that do not move: it grows and shrinks without a pause, however large it is.
/// Belongs to one loop.</summary>
internal struct PagedList<T>()
{
    private const int PageBits = 10;
    private const int PageItems = 1 << PageBits;
    private const int FirstItems = 16;

    private T[][] _pages = [new T[FirstItems]];

    /// <summary>Number of items there is room for.</summary>
    public int Room { get; private set; } = FirstItems;

    /// <summary>An item there is room for; its number is not checked.</summary>
    public readonly ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            T[] page = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pages), index >> PageBits);
            return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(page), index & (PageItems - 1));
        }
    }

    /// <summary>Makes room for one item more than there is room for.</summary>
    public void Grow()
    {
        if (Room < PageItems)
        {
            Array.Resize(ref _pages[0], Room * 2);
            Room = _pages[0].Length;
            return;
        }

        int page = Room >> PageBits;
        if (page == _pages.Length)
        {
            Array.Resize(ref _pages, page * 2);
        }

        _pages[page] = new T[PageItems];
        Room += PageItems;
    }

    /// <summary>Gives room back, as long as there is enough for so many items and some more.</summary>
    public void Trim(int count)
    {
        while (Room > PageItems && count + (2 * PageItems) < Room)
        {
            Room -= PageItems;
            _pages[Room >> PageBits] = null!;
        }

        if (Room == PageItems && count < FirstItems)
        {
            Array.Resize(ref _pages[0], FirstItems);
            Room = FirstItems;
        }
    }
}
