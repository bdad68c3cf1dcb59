namespace Millrace.State.Snapshots.Restored;

/// <summary>The groups of a section while it is read.</summary>
internal sealed class StoredGroups
{
    private readonly List<StoredGroup> _entries = [];
    private readonly List<StoredGroup> _removed = [];
    private readonly List<StoredGroup> _more = [];

    /// <summary>Those of blocks of a kind.</summary>
    public List<StoredGroup> Of(BlockKind kind) => kind switch
    {
        BlockKind.Entries => _entries,
        BlockKind.Removed => _removed,
        _ => _more,
    };

    /// <summary>All of them.</summary>
    public StoredSection ToSection(SectionHeader header, bool isDelta) =>
        new(header, _entries) { IsDelta = isDelta, Removed = _removed, More = _more };
}
