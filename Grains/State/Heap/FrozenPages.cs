namespace Millrace.State.Heap;

/// <summary>Entries as they were at one moment, while their owner goes on to change its own.</summary>
/// <remarks>Made on the owner's loop, then read by one other thread, page by page. A page that has been read is given
/// back at once: the owner need not copy it any more. Whoever has it releases it, also when it is given up.</remarks>
/// <param name="pages">The pages at that moment.</param>
/// <param name="count">Number of entries.</param>
internal sealed class FrozenPages<TEntry>(TEntry[]?[] pages, int count) : IDisposable
{
    private TEntry[]?[] _pages = pages;
    private int _passed;
    private volatile bool _isReleased;

    /// <summary>Number of entries.</summary>
    public int Count => count;

    /// <summary>Number of pages.</summary>
    public int Pages => (count + EntryPages<TEntry>.PageEntries - 1) >> EntryPages<TEntry>.PageBits;

    /// <summary>Whether nobody reads it any more. From any thread.</summary>
    public bool IsReleased => _isReleased;

    /// <summary>The entries of a page that has not been passed.</summary>
    public ReadOnlySpan<TEntry> PageAt(int page) => _pages[page].AsSpan(
        0, Math.Min(EntryPages<TEntry>.PageEntries, count - (page << EntryPages<TEntry>.PageBits)));

    /// <summary>A page, and all before it, are not read any more.</summary>
    public void Pass(int page)
    {
        _pages[page] = null;
        Volatile.Write(ref _passed, page + 1);
    }

    /// <summary>On the owner's loop: whether an entry may still be read.</summary>
    public bool Needs(int index) =>
        index < count && !_isReleased && index >> EntryPages<TEntry>.PageBits >= Volatile.Read(ref _passed);

    /// <inheritdoc/>
    public void Dispose()
    {
        _isReleased = true;
        _pages = [];
    }
}
