using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A state whose entries lie in the order of their key groups, as it was at a time. Read on one
/// thread.</summary>
internal abstract class GroupedSection
{
    /// <summary>What it holds.</summary>
    public abstract SectionHeader Header { get; }

    /// <summary>Whether a key group has entries.</summary>
    public abstract bool HasEntries(int keyGroup);

    /// <summary>Appends the entries of a key group.</summary>
    /// <returns>How many there are.</returns>
    public abstract int WriteEntries(int keyGroup, RecordWriter writer);
}
