using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>A section as a snapshot holds it: what nobody has asked for yet, or ever will.</summary>
/// <param name="Header">What it holds, with the writer's shapes.</param>
/// <param name="Groups">Its entries by key group; a key group may come several times.</param>
internal sealed record StoredSection(SectionHeader Header, IReadOnlyList<StoredGroup> Groups)
{
    /// <summary>Whether it changes what sections before it hold.</summary>
    public bool IsDelta { get; init; }

    /// <summary>Of a change: what goes, before its own entries come.</summary>
    public IReadOnlyList<StoredGroup> Removed { get; init; } = [];

    /// <summary>Further parts of its entries, which come behind them.</summary>
    public IReadOnlyList<StoredGroup> More { get; init; } = [];

    /// <summary>What it holds for some key groups.</summary>
    public StoredSection For(KeyGroupRange range) => this with
    {
        Groups = [.. Groups.Where(group => range.Contains(group.KeyGroup))],
        Removed = [.. Removed.Where(group => range.Contains(group.KeyGroup))],
        More = [.. More.Where(group => range.Contains(group.KeyGroup))],
    };

    /// <summary>Where those of its entries are that are not in memory; a place may come several times.</summary>
    public IEnumerable<RestoredBytes> Elsewhere() =>
        Groups.Concat(Removed).Concat(More).Select(static group => group.Elsewhere).OfType<RestoredBytes>();
}
