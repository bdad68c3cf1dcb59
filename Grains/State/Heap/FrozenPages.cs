namespace Millrace.State.Heap;

/// <summary>Entries as they were at one moment, while their owner goes on to change its own.</summary>
/// <remarks>
/// Made on the owner's loop, then read by one other thread, page by page. The pages are the owner's, who writes to
/// them: what an entry was is set aside before. So a page is copied to be read, with no lock, and with what was set
/// aside in its places. A page that has been passed is nobody's concern any more: the owner need not set aside what is
/// in it. Whoever has the frozen pages releases them, also when they are given up.
/// </remarks>
/// <param name="pages">The pages at that moment.</param>
/// <param name="count">Number of entries.</param>
/// <param name="aside">Empty; taken back by the owner when this is released.</param>
/// <param name="mayChange">Whether what entries refer to may change, unless the owner knows that it is still
/// read.</param>
internal sealed class FrozenPages<TEntry>(
    TEntry[]?[] pages, int count, AsideEntries<TEntry> aside, bool mayChange) : IDisposable
{
    private const int PageBits = EntryPages<TEntry>.PageBits;
    private const int PageEntries = EntryPages<TEntry>.PageEntries;
    private const int WordBits = 6;

    private TEntry[]?[] _pages = pages;
    private AsideEntries<TEntry>? _aside = aside;
    private TEntry[] _copy = [];
    private int _copied = -1;
    private int _passed;
    private volatile bool _isReleased;

    /// <summary>Number of entries.</summary>
    public int Count => count;

    /// <summary>Number of pages.</summary>
    public int Pages => (count + PageEntries - 1) >> PageBits;

    /// <summary>Whether nobody reads it any more. From any thread.</summary>
    public bool IsReleased => _isReleased;

    /// <summary>The entries of a page that has not been passed. Valid until the next call.</summary>
    public ReadOnlySpan<TEntry> PageAt(int page) => PageAt(page, []);

    /// <summary>The entries of a page that has not been passed, of which only some are asked for. Valid until the next
    /// call.</summary>
    /// <param name="page">The page.</param>
    /// <param name="wanted">A bit for each entry; none: all of them.</param>
    /// <returns>As long as the page; what is not asked for is anything.</returns>
    public ReadOnlySpan<TEntry> PageAt(int page, ReadOnlySpan<ulong> wanted)
    {
        int length = Math.Min(PageEntries, count - (page << PageBits));
        if (_copied != page)
        {
            if (_copy.Length < length)
            {
                _copy = new TEntry[length];
            }

            Span<TEntry> copy = _copy.AsSpan(0, length);
            Copy(_pages[page].AsSpan(0, length), copy, wanted);
            _aside?.MoveInto(page, copy);
            _copied = page;
            if (!mayChange)
            {
                Pass(page);
            }
        }

        return _copy.AsSpan(0, length);
    }

    /// <summary>A page, and all before it, are not read any more.</summary>
    public void Pass(int page)
    {
        _pages[page] = null;
        Volatile.Write(ref _passed, page + 1);
    }

    /// <summary>On the owner's loop, before an entry is written to: sets aside what it is, if that may still be read.
    /// Where it was set aside before, that is what counts.</summary>
    /// <returns>Whether it may: what the entry refers to is not to be changed then.</returns>
    public bool Keep(int index, in TEntry entry)
    {
        if (!Needs(index, out AsideEntries<TEntry>? aside))
        {
            return false;
        }

        aside!.Keep(index, in entry);
        return true;
    }

    /// <summary>On the owner's loop, before many entries are written to: as <see cref="Keep"/> of each, where nothing
    /// they refer to may change.</summary>
    /// <param name="indexes">The entries.</param>
    /// <param name="owned">The owner's pages.</param>
    public void KeepMany(ReadOnlySpan<int> indexes, TEntry[][] owned)
    {
        if (Volatile.Read(ref _aside) is { } aside)
        {
            Span<int> needed = stackalloc int[indexes.Length];
            aside.KeepMany(needed[..Needed(indexes, needed)], owned);
        }
    }

    /// <summary>On the owner's loop: whether what an entry refers to may still be read.</summary>
    public bool Needs(int index) => Needs(index, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        _isReleased = true;
        _pages = [];
        _copy = [];
        Volatile.Write(ref _aside, null);
    }

    private static void Copy(ReadOnlySpan<TEntry> page, Span<TEntry> copy, ReadOnlySpan<ulong> wanted)
    {
        if (wanted.IsEmpty)
        {
            page.CopyTo(copy);
            return;
        }

        for (int word = 0; word < wanted.Length; word++)
        {
            for (ulong left = wanted[word]; left != 0; left &= left - 1)
            {
                int at = (word << WordBits) + System.Numerics.BitOperations.TrailingZeroCount(left);
                if (at < copy.Length)
                {
                    copy[at] = page[at];
                }
            }
        }
    }

    // Those of pages that have not been passed; without a question, whose answer the processor would guess wrongly.
    private int Needed(ReadOnlySpan<int> indexes, Span<int> needed)
    {
        int entries = count;
        int first = Volatile.Read(ref _passed) << PageBits;
        int found = 0;
        foreach (int index in indexes)
        {
            needed[found] = index;
            found += index >= first & index < entries ? 1 : 0;
        }

        return found;
    }

    // Whoever releases it does so on another thread: what is read here is read once.
    private bool Needs(int index, out AsideEntries<TEntry>? aside)
    {
        aside = Volatile.Read(ref _aside);
        return aside is not null
            && index < count
            && index >> PageBits >= Volatile.Read(ref _passed);
    }
}
