namespace Millrace.State.Heap;

/// <summary>Which entry the states of one scope answer for at present.</summary>
internal sealed class StateCursor<TEntry>
{
    private TEntry _entry = default!;

    /// <summary>Whether there is one.</summary>
    public bool IsSet { get; private set; }

    /// <summary>The key, or the key with its namespace.</summary>
    public ref readonly TEntry Entry => ref _entry;

    /// <summary>The hash of the entry.</summary>
    public ulong Hash { get; private set; }

    public void Set(in TEntry entry, ulong hash)
    {
        _entry = entry;
        Hash = hash;
        IsSet = true;
    }

    public void Clear()
    {
        _entry = default!;
        IsSet = false;
    }
}
