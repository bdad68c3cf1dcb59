using Millrace.Serialization;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>A section as a snapshot holds it: what nobody has asked for yet, or ever will.</summary>
/// <param name="Header">What it holds, with the writer's shapes.</param>
/// <param name="Groups">Its entries by key group; a key group may come several times.</param>
internal sealed record StoredSection(SectionHeader Header, IReadOnlyList<StoredGroup> Groups)
{
    private const int EntriesAtOnce = 1_024;

    /// <summary>Whether it changes what sections before it hold.</summary>
    public bool IsDelta { get; init; }

    /// <summary>Of a change: what goes, before its own entries come.</summary>
    public IReadOnlyList<StoredGroup> Removed { get; init; } = [];

    /// <summary>What it holds for some key groups.</summary>
    public StoredSection For(KeyGroupRange range) => this with
    {
        Groups = [.. Groups.Where(group => range.Contains(group.KeyGroup))],
        Removed = [.. Removed.Where(group => range.Contains(group.KeyGroup))],
    };

    /// <summary>Puts all entries into a section of the running program.</summary>
    /// <exception cref="IncompatibleStateException">The section is of another kind, or cannot read them.</exception>
    public void ReadInto(RestorableSection section, KeyedStateSettings settings)
    {
        SectionHeader present = section.Header;
        if (Header.Kind != present.Kind)
        {
            throw new IncompatibleStateException(
                $"State '{present.Name}' of operator '{settings.OperatorName}' was saved as state of kind " +
                $"{Header.Kind}, and the program asks for kind {present.Kind}: give it another name.");
        }

        if (Removed.Count > 0)
        {
            Read(Removed, Made(() => new SingleEntries(section.RemoverOf(Header)), settings), settings);
        }

        long entries = Groups.Sum(static group => (long)group.Entries);
        Read(Groups, Made(() => section.BatchReaderOf(Header, replaces: IsDelta, entries), settings), settings);
    }

    private void Read(IReadOnlyList<StoredGroup> groups, EntriesReader read, KeyedStateSettings settings)
    {
        using GroupFeed feed = new(groups);
        Span<ulong> hashRoom = stackalloc ulong[EntriesAtOnce];
        foreach (StoredGroup group in groups)
        {
            RecordReader reader = new(feed.Next());
            for (int left = group.Entries; left > 0; left -= Math.Min(left, EntriesAtOnce))
            {
                Span<ulong> hashes = hashRoom[..Math.Min(left, EntriesAtOnce)];
                read.Read(ref reader, hashes);
                foreach (ulong hash in hashes)
                {
                    Check(hash, group.KeyGroup, settings);
                }
            }

            reader.ExpectEnd();
        }

        read.End();
    }

    private void Check(ulong hash, int keyGroup, KeyedStateSettings settings)
    {
        int found = KeyGroupAssignment.KeyGroupOf(hash, settings.KeyGroups);
        if (found != keyGroup)
        {
            throw new IncompatibleStateException(
                $"State '{Header.Name}' of operator '{settings.OperatorName}': a key saved in key group " +
                $"{keyGroup} now belongs to {found}. What keys are made of must stay the same.");
        }
    }

    private EntriesReader Made(
        Func<EntriesReader> make, KeyedStateSettings settings)
    {
        try
        {
            return make();
        }
        catch (IncompatibleShapeException exception)
        {
            throw new IncompatibleStateException(
                $"State '{Header.Name}' of operator '{settings.OperatorName}' was saved with other types than the " +
                $"program has: {exception.Message}",
                exception);
        }
    }
}
