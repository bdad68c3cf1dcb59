namespace Millrace.State.Heap;

/// <summary>Keys that were removed, in the order of their removal. Added by one loop; once it is at its end it may be
/// read by any thread.</summary>
/// <remarks>They stand in pages that do not move, so that no removal takes long, however many there were.</remarks>
internal sealed class RemovedKeys<TKey>
{
    private const int PageKeys = 4_096;

    private readonly List<List<TKey>> _pages = [];

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(in TKey key)
    {
        if (Count % PageKeys == 0)
        {
            _pages.Add([]);
        }

        _pages[^1].Add(key);
        Count++;
    }

    /// <summary>All of them.</summary>
    public IEnumerable<TKey> All() => _pages.SelectMany(static page => page);
}
