using System.Diagnostics.CodeAnalysis;
using Millrace.Joins;

namespace Millrace.Operators.Async.Lookups;

/// <summary>Rows by key, up to a number of keys: those of the key used least recently go first. Belongs to one
/// loop.</summary>
/// <remarks>Entries are linked in the order of use by their places in one array, so that using one allocates
/// nothing.</remarks>
/// <param name="settings">What is kept, and for how long.</param>
/// <param name="ticksPerSecond">Of the readings of the clock that it is given.</param>
internal sealed class LookupCache<TKey, TRow>(LookupCacheSettings settings, long ticksPerSecond)
{
    private const int None = -1;
    private const int FirstCapacity = 16;

    private readonly long _lifetime = settings.ExpireAfterWrite is TimeSpan time
        ? (long)(time.TotalSeconds * ticksPerSecond)
        : long.MaxValue;

#pragma warning disable CS8714 // A key that is null is never looked up.
    private readonly Dictionary<TKey, int> _places = [];
#pragma warning restore CS8714
    private Entry[] _entries = [];
    private int _used;
    private int _newest = None;
    private int _oldest = None;
    private int _free = None;

    /// <summary>Keys it holds, with those that have expired and were not come across.</summary>
    public int Count => _places.Count;

    /// <summary>Keys that went for want of room, or were found to have expired.</summary>
    public long Evictions { get; private set; }

    /// <summary>The rows of a key, as far as they are known and not too old.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="now">A reading of the clock.</param>
    /// <param name="rows">Empty when it is known that there are none.</param>
    public bool TryGet(TKey key, long now, [NotNullWhen(true)] out IReadOnlyList<TRow>? rows)
    {
        rows = null;
        if (!_places.TryGetValue(key, out int place))
        {
            return false;
        }

        if (now - _entries[place].FoundAt >= _lifetime)
        {
            Remove(place);
            Evictions++;
            return false;
        }

        if (place != _newest)
        {
            Unlink(place);
            LinkNewest(place);
        }

        rows = _entries[place].Rows;
        return true;
    }

    /// <summary>Keeps the rows of a key, instead of those it may have of it.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="rows">Not changed by anybody.</param>
    /// <param name="foundAt">A reading of the clock.</param>
    public void Put(TKey key, IReadOnlyList<TRow> rows, long foundAt)
    {
        if (_places.TryGetValue(key, out int place))
        {
            Remove(place);
        }

        if (rows.Count == 0 && !settings.KeepsMisses)
        {
            return;
        }

        if (_places.Count == settings.MaxEntries)
        {
            Remove(_oldest);
            Evictions++;
        }

        place = FreePlace();
        _entries[place] = new Entry { Key = key, Rows = rows, FoundAt = foundAt };
        LinkNewest(place);
        _places.Add(key, place);
    }

    private int FreePlace()
    {
        if (_free != None)
        {
            int place = _free;
            _free = _entries[place].Older;
            return place;
        }

        if (_used == _entries.Length)
        {
            long twice = Math.Max(FirstCapacity, 2L * _used);
            Array.Resize(ref _entries, (int)Math.Min(twice, settings.MaxEntries));
        }

        return _used++;
    }

    private void Remove(int place)
    {
        Unlink(place);
        _places.Remove(_entries[place].Key);
        _entries[place] = new Entry { Older = _free };
        _free = place;
    }

    private void LinkNewest(int place)
    {
        ref Entry entry = ref _entries[place];
        entry.Newer = None;
        entry.Older = _newest;
        NewerOf(_newest) = place;
        _newest = place;
    }

    private void Unlink(int place)
    {
        Entry entry = _entries[place];
        OlderOf(entry.Newer) = entry.Older;
        NewerOf(entry.Older) = entry.Newer;
    }

    // At the ends of the chain stand the newest and the oldest.
    private ref int NewerOf(int place)
    {
        if (place == None)
        {
            return ref _oldest;
        }

        return ref _entries[place].Newer;
    }

    private ref int OlderOf(int place)
    {
        if (place == None)
        {
            return ref _newest;
        }

        return ref _entries[place].Older;
    }

    private struct Entry
    {
        public TKey Key;
        public IReadOnlyList<TRow> Rows;
        public long FoundAt;
        public int Newer;
        public int Older;
    }
}
