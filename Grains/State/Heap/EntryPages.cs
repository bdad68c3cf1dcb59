using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.State.Heap;

/// <summary>Entries by number, in pages that can be frozen at any time. Belongs to one loop.</summary>
/// <remarks>
/// <para>
/// A freeze copies the directory of pages, and nothing else. Afterwards the first write to an entry sets its value
/// aside, as long as the frozen state is still read, and takes a copy of what the entry refers to and may change. A bit
/// for each entry says that this has been done since the last freeze: that bit is all a write asks for.
/// </para>
/// <para>Pages never move while they grow in number: only the first one grows by itself, so that few entries take
/// little. Those of large entries are so large that the collector does not move them either.</para>
/// </remarks>
/// <param name="unshare">Replaces what an entry refers to by a copy; null where nothing of it can change.</param>
internal partial struct EntryPages<TEntry>(EntryPages<TEntry>.Unshare? unshare)
{
    /// <summary>Most entries that lie side by side.</summary>
    public const int PageEntries = 1 << PageBits;

    /// <summary>The number of a page is that of an entry without so many of its low bits.</summary>
    public const int PageBits = 10;

    private const int FirstEntries = 8;
    private const int WordBits = 6;
    private const int PageWords = PageEntries >> WordBits;

    // The directory is halved when a quarter of it would do.
    private const int ShrinkRatio = 4;
    private const int SmallDirectory = 8;

    private TEntry[][] _pages = [new TEntry[FirstEntries]];
    private ulong[] _touched = new ulong[PageWords];

    // Those that may still be read; null as long as there were none, or none is.
    private List<Frozen>? _frozen;

    // Of the one that was released last: its room serves the next.
    private AsideEntries<TEntry>? _spare;

    /// <summary>Replaces what an entry refers to, and what may change, by a copy.</summary>
    public delegate void Unshare(ref TEntry entry);

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Number of pages that are there, with one in reserve at most.</summary>
    public readonly int Pages => _pages.Count(page => page is not null);

    /// <summary>An entry, to be read. Valid until the next call.</summary>
    // Not by index: every number that is asked for is that of an entry, which the compiler cannot know.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref TEntry At(int index)
    {
        Debug.Assert((uint)index < (uint)Count, "an entry's number lies below the number of entries");
        TEntry[] page = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pages), index >> PageBits);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(page), index & (PageEntries - 1));
    }

    /// <summary>Whether an entry may be written to without further ado.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsTouched(int index)
    {
        ulong word = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_touched), index >> WordBits);
        return ((word >> index) & 1) != 0;
    }

    /// <summary>An entry, to be changed. Valid until the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TEntry Change(int index)
    {
        if (!IsTouched(index))
        {
            Touch(index, keepsValue: true);
        }

        return ref At(index);
    }

    /// <summary>An entry of which nothing is kept but what is set at once. Valid until the next call.</summary>
    public ref TEntry Overwrite(int index)
    {
        if (!IsTouched(index))
        {
            Touch(index, keepsValue: false);
        }

        return ref At(index);
    }

    /// <summary>An entry and those behind it, as many as lie side by side, to be read. Valid until the next
    /// call.</summary>
    public readonly ReadOnlySpan<TEntry> From(int first)
    {
        int start = first & (PageEntries - 1);
        return _pages[first >> PageBits].AsSpan(start, Math.Min(PageEntries - start, Count - first));
    }

    /// <summary>As <see cref="From"/>, to be changed.</summary>
    public Span<TEntry> ChangeFrom(int first)
    {
        int start = first & (PageEntries - 1);
        int count = Math.Min(PageEntries - start, Count - first);
        for (int i = first; i < first + count; i++)
        {
            Change(i);
        }

        return _pages[first >> PageBits].AsSpan(start, count);
    }

    /// <summary>A further entry, with nothing in it.</summary>
    public ref TEntry Add()
    {
        int index = Count;
        MakeRoom();
        Count++;
        Mark(index);
        ref TEntry entry = ref At(index);

        // Where another one stood before, something of it may be left.
        entry = default!;
        return ref entry;
    }

    /// <summary>Further entries side by side, to be set at once: what they hold is anything.</summary>
    /// <param name="most">How many would be good, from 1.</param>
    /// <returns>So many or fewer. Valid until the next call.</returns>
    public Span<TEntry> AddMany(int most)
    {
        MakeRoom();
        int first = Count;
        TEntry[] page = _pages[first >> PageBits];
        Span<TEntry> entries = page.AsSpan(first & (PageEntries - 1));
        entries = entries[..Math.Min(most, entries.Length)];
        Count += entries.Length;
        for (int index = first; index < Count; index++)
        {
            Mark(index);
        }

        return entries;
    }

    /// <summary>Puts a copy of one entry in the place of another.</summary>
    public void Move(int from, int to)
    {
        SetAsideOnce(to);
        At(to) = At(from);
        if (IsTouched(from))
        {
            Mark(to);
            return;
        }

        // Whether what it refers to is frozen is a question of where it stood: it is asked for the last time.
        _touched[to >> WordBits] &= ~BitOf(to);
        if (unshare is not null && IsNeeded(from))
        {
            unshare(ref At(to));
            Mark(to);
        }
    }

    /// <summary>Removes the last entry.</summary>
    public void RemoveLast()
    {
        int last = Count - 1;
        SetAsideOnce(last);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>())
        {
            At(last) = default!;
        }

        _touched[last >> WordBits] &= ~BitOf(last);
        Count = last;
        GiveBack();
    }

    /// <summary>Removes all entries. The room they took stays for others, unless it is frozen or to be given
    /// back.</summary>
    public void Clear(bool givesBack)
    {
        bool isFrozen = IsFrozen();
        _frozen = null;
        _spare = null;
        if (givesBack || isFrozen)
        {
            // Frozen states have the pages to themselves.
            _pages = [new TEntry[FirstEntries]];
            _touched = new ulong[PageWords];
        }
        else
        {
            // Else each is set before it is read.
            for (int start = 0;
                RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>() && start < Count;
                start += PageEntries)
            {
                Array.Clear(_pages[start >> PageBits], 0, Math.Min(PageEntries, Count - start));
            }

            Array.Clear(_touched, 0, (Count + 63) >> WordBits);
        }

        Count = 0;
    }

    /// <summary>The entries as they are now.</summary>
    public FrozenPages<TEntry> Freeze()
    {
        ForgetReleased();
        int pages = (Count + PageEntries - 1) >> PageBits;
        AsideEntries<TEntry> aside = _spare?.TryReset(Count) == true ? _spare : new AsideEntries<TEntry>(Count);
        _spare = null;
        FrozenPages<TEntry> frozen = new(_pages.AsSpan(0, pages).ToArray(), Count, aside, unshare is not null);
        _frozen ??= [];

        // What holds objects is let go with the frozen pages, and not when the owner comes to look after them.
        _frozen.Add(new Frozen(
            frozen, RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>() ? null : aside));
        return frozen;
    }

    /// <summary>Which entries were written to since the last time this was asked, a bit for each; none is, from now on.
    /// Right behind <see cref="Freeze"/>.</summary>
    /// <param name="room">Of the same length, all zero, to go on with; or null when nobody wants to know.</param>
    public ulong[] TakeTouched(ulong[]? room)
    {
        ulong[] touched = _touched;
        if (room is null)
        {
            Array.Clear(touched, 0, (Count + 63) >> WordBits);
            return touched;
        }

        Debug.Assert(room.Length == touched.Length, "each entry there is room for has a bit");
        _touched = room;
        return touched;
    }

    /// <summary>Number of words with a bit for each entry that there is room for.</summary>
    public readonly int Words => _touched.Length;

    private static ulong BitOf(int index) => 1UL << index;

    private readonly void Mark(int index) => _touched[index >> WordBits] |= BitOf(index);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Touch(int index, bool keepsValue)
    {
        if (SetAside(index) && keepsValue)
        {
            unshare?.Invoke(ref At(index));
        }

        Mark(index);
    }

    // Before another entry, or none, comes to its place. A touched one was set aside when it was.
    private void SetAsideOnce(int index)
    {
        if (!IsTouched(index))
        {
            SetAside(index);
        }
    }

    // Before an entry is written to. Whether somebody still reads what it was: what it refers to belongs to him then.
    private bool SetAside(int index)
    {
        if (_frozen is null)
        {
            return false;
        }

        bool isNeeded = false;
        bool isReleased = false;
        foreach (Frozen frozen in _frozen)
        {
            isNeeded |= frozen.Pages.Keep(index, in At(index));
            isReleased |= frozen.Pages.IsReleased;
        }

        if (isReleased)
        {
            ForgetReleased();
        }

        return isNeeded;
    }

    private void ForgetReleased()
    {
        if (_frozen is null)
        {
            return;
        }

        foreach (Frozen frozen in _frozen)
        {
            _spare = frozen.Pages.IsReleased ? frozen.Aside : _spare;
        }

        _frozen.RemoveAll(static frozen => frozen.Pages.IsReleased);
        _frozen = _frozen.Count == 0 ? null : _frozen;
    }

    private readonly bool IsNeeded(int index)
    {
        if (_frozen is null)
        {
            return false;
        }

        foreach (Frozen frozen in _frozen)
        {
            if (frozen.Pages.Needs(index))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether somebody still reads what was frozen.</summary>
    public readonly bool IsFrozen() => _frozen?.Exists(static frozen => !frozen.Pages.IsReleased) ?? false;

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
            Resize(checked(page * 2));
        }

        if (_pages[page] is null)
        {
            // Each is set before it is read; zeros are for the collector.
            _pages[page] = RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>()
                ? new TEntry[PageEntries]
                : GC.AllocateUninitializedArray<TEntry>(PageEntries);
        }
    }

    // One page stays in reserve, so that entries which come and go around a page's end allocate nothing.
    private void GiveBack()
    {
        int needed = ((Count + PageEntries - 1) >> PageBits) + 1;
        if (needed < _pages.Length)
        {
            _pages[needed] = null!;
        }

        if (_pages.Length > SmallDirectory && needed * ShrinkRatio < _pages.Length)
        {
            Resize(_pages.Length / 2);
        }
    }

    private void Resize(int pages)
    {
        Array.Resize(ref _pages, pages);
        Array.Resize(ref _touched, pages * PageWords);
    }

    /// <summary>What may still be read.</summary>
    /// <param name="Pages">The pages at that moment.</param>
    /// <param name="Aside">What their entries were, where its room may serve again.</param>
    private readonly record struct Frozen(FrozenPages<TEntry> Pages, AsideEntries<TEntry>? Aside);
}
