namespace Millrace.State.Snapshots;

/// <summary>The entries of a section, sorted by key group.</summary>
internal sealed class KeyGroupOrder
{
    private readonly int[] _entries;
    private readonly int[] _ends;
    private readonly KeyGroupRange _range;

    /// <param name="section">The section; it must not change meanwhile.</param>
    /// <param name="settings">Says how many key groups there are, and which are here.</param>
    public KeyGroupOrder(KeyedSection section, KeyedStateSettings settings)
    {
        _range = settings.Range;
        int count = section.EntryCount;
        int[] groups = new int[count];
        _ends = new int[_range.Count + 1];
        for (int i = 0; i < count; i++)
        {
            groups[i] = KeyGroupAssignment.KeyGroupOf(section.HashOf(i), settings.KeyGroups) - _range.First;
            if ((uint)groups[i] >= (uint)_range.Count)
            {
                throw new InvalidOperationException(
                    $"Operator '{settings.OperatorName}' holds an entry of '{section.Header.Name}' in key group " +
                    $"{groups[i] + _range.First}, which does not belong to {_range}.");
            }

            _ends[groups[i] + 1]++;
        }

        for (int i = 1; i < _ends.Length; i++)
        {
            _ends[i] += _ends[i - 1];
        }

        // Each group's place moves from its beginning to its end while it is filled: what was the start of a group is
        // then the start of the next one.
        _entries = new int[count];
        for (int i = 0; i < count; i++)
        {
            _entries[_ends[groups[i]]++] = i;
        }
    }

    /// <summary>Number of key groups with entries.</summary>
    public int Groups
    {
        get
        {
            int groups = 0;
            for (int group = _range.First; group < _range.End; group++)
            {
                groups += EntriesOf(group).IsEmpty ? 0 : 1;
            }

            return groups;
        }
    }

    /// <summary>The entries of a key group.</summary>
    public ReadOnlySpan<int> EntriesOf(int keyGroup)
    {
        int group = keyGroup - _range.First;
        int start = group == 0 ? 0 : _ends[group - 1];
        return _entries.AsSpan(start, _ends[group] - start);
    }
}
