using Millrace.State.Snapshots;

namespace Millrace.State.Disk;

/// <summary>A state whose entries lie in the order of their key groups, as it was at a cut.</summary>
/// <param name="section">The state; it must be there as long as this is written.</param>
/// <param name="settings">Say which key groups there are.</param>
internal sealed class FrozenGroups(GroupedSection section, KeyedStateSettings settings) : FrozenSection(section.Header)
{
    public override IEnumerable<int> Write(GroupedEntries to)
    {
        for (int keyGroup = settings.Range.First; keyGroup < settings.Range.End; keyGroup++)
        {
            if (section.HasEntries(keyGroup))
            {
                to.Add(keyGroup, section.WriteEntries(keyGroup, to.Open(keyGroup)));
                yield return keyGroup;
            }
        }
    }

    public override void Dispose()
    {
        // It belongs to whoever has read it.
    }
}
