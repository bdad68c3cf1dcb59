using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>What has changed in a table since the last checkpoint that was completed. Belongs to one loop.</summary>
/// <remarks>
/// From one freeze to the next is a stretch: which entries were touched in it and which keys removed is kept until a
/// checkpoint behind it is complete. Too much may be told, never too little: of stretches that become many, the oldest
/// two are put together. When more is removed than half of what is there, changes are given up, and the next freeze is
/// a beginning again.
/// </remarks>
internal sealed class TableChanges<TKey>
{
    private const int MostStretches = 4;
    private const int FewRemoved = 4_096;

    private readonly List<Stretch> _stretches = [];
    private RemovedKeys<TKey> _removed = new();

    // Entries that were there at the last freeze: only their removal is news.
    private ulong[] _old = [];
    private int _removedCount;
    private bool _isGivenUp = true;

    // The first freeze behind which every change is known, and is kept.
    private long _beginning;

    // Of stretches that are at an end: a bit for each entry, of any value.
    private ulong[] _spare = [];

    /// <summary>A key is about to be removed.</summary>
    /// <param name="key">The key.</param>
    /// <param name="index">Its entry.</param>
    /// <param name="count">Number of entries with it.</param>
    public void Remove(in TKey key, int index, int count)
    {
        if (_isGivenUp)
        {
            return;
        }

        if (Has(_old, index))
        {
            _removed.Add(in key);
            if (++_removedCount > Math.Max(FewRemoved, count / 2))
            {
                GiveUp();
                return;
            }
        }

        Set(_old, index, Has(_old, count - 1));
        Set(_old, count - 1, false);
        if (index == count - 1)
        {
            foreach (Stretch stretch in _stretches)
            {
                Set(stretch.Touched, index, false);
            }
        }
    }

    /// <summary>The last entry has taken the place of another one.</summary>
    public void Move(int from, int to)
    {
        foreach (Stretch stretch in _stretches)
        {
            Set(stretch.Touched, to, Has(stretch.Touched, from));
            Set(stretch.Touched, from, false);
        }
    }

    /// <summary>Everything may have changed: the next freeze is a beginning.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        _stretches.Clear();
        _removed = new RemovedKeys<TKey>();
        _removedCount = 0;
    }

    /// <summary>Room for a bit for each entry, none of them set: what was used before, if it fits, so that a freeze
    /// takes no new memory.</summary>
    public ulong[] TakeRoom(int words)
    {
        ulong[] room = _spare;
        _spare = [];
        if (room.Length != words)
        {
            return new ulong[words];
        }

        Array.Clear(room);
        return room;
    }

    /// <summary>The table is frozen: a stretch ends.</summary>
    /// <param name="order">What it is frozen for.</param>
    /// <param name="touched">Entries touched since the last freeze. Kept.</param>
    /// <param name="count">Number of entries.</param>
    /// <returns>What has changed since the checkpoint that is built upon; null when that is not known.</returns>
    public FrozenChanges<TKey>? Freeze(in SnapshotOrder order, ulong[] touched, int count)
    {
        bool isKnown = !_isGivenUp && order.BuildsOn >= _beginning && order.BuildsOn > 0;
        if (_isGivenUp)
        {
            _isGivenUp = false;
            _beginning = order.Checkpoint;
            _spare = touched;
        }
        else
        {
            _stretches.Add(new Stretch(order.Checkpoint, touched, [_removed]));
            _removed = new RemovedKeys<TKey>();
        }

        MarkOld(count);
        FrozenChanges<TKey>? changes = isKnown ? Since(order.BuildsOn, (count + 63) >> 6) : null;
        if (_stretches.Count > MostStretches)
        {
            _stretches[1] = _stretches[0].With(_stretches[1]);
            _stretches.RemoveAt(0);
        }

        return changes;
    }

    /// <summary>A checkpoint is complete. What was changed before it is not kept any more: whoever was about to build
    /// upon an older one writes everything.</summary>
    public void Completed(long checkpoint)
    {
        while (_stretches.Count > 0 && _stretches[0].End <= checkpoint)
        {
            _removedCount -= _stretches[0].Removed.Sum(static keys => keys.Count);
            _beginning = Math.Max(_beginning, _stretches[0].End);
            _spare = _stretches[0].Touched;
            _stretches.RemoveAt(0);
        }
    }

    private static bool Has(ulong[] bits, int index) =>
        index >> 6 < bits.Length && (bits[index >> 6] >> index & 1) != 0;

    private static void Set(ulong[] bits, int index, bool value)
    {
        if (index >> 6 < bits.Length)
        {
            ulong bit = 1UL << index;
            bits[index >> 6] = value ? bits[index >> 6] | bit : bits[index >> 6] & ~bit;
        }
    }

    // Always a copy: what is still kept changes with the table.
    private FrozenChanges<TKey> Since(long checkpoint, int words)
    {
        ulong[] touched = new ulong[words];
        List<RemovedKeys<TKey>> removed = [];
        foreach (Stretch stretch in _stretches)
        {
            if (stretch.End > checkpoint)
            {
                Add(touched, stretch.Touched.AsSpan(0, Math.Min(words, stretch.Touched.Length)));
                removed.AddRange(stretch.Removed);
            }
        }

        return new FrozenChanges<TKey>(touched, removed);
    }

    private static void Add(ulong[] bits, ReadOnlySpan<ulong> others)
    {
        for (int i = 0; i < others.Length; i++)
        {
            bits[i] |= others[i];
        }
    }

    private void MarkOld(int count)
    {
        int words = (count + 63) >> 6;
        if (_old.Length < words)
        {
            _old = new ulong[Math.Max(words, 2 * _old.Length)];
        }

        _old.AsSpan(0, count >> 6).Fill(ulong.MaxValue);
        _old.AsSpan(count >> 6).Clear();
        if ((count & 63) != 0)
        {
            _old[count >> 6] = (1UL << count) - 1;
        }
    }

    private sealed record Stretch(long End, ulong[] Touched, IReadOnlyList<RemovedKeys<TKey>> Removed)
    {
        public Stretch With(Stretch later)
        {
            ulong[] touched = new ulong[Math.Max(Touched.Length, later.Touched.Length)];
            Add(touched, Touched);
            Add(touched, later.Touched);
            return new Stretch(later.End, touched, [.. Removed, .. later.Removed]);
        }
    }
}
