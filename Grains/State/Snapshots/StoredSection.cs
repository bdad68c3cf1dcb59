using Millrace.Serialization;

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
                $"State '{present.Name}' of operator '{settings.OperatorName}' was saved as a {Header.Kind}, and the " +
                $"program asks for a {present.Kind}: give it another name.");
        }

        if (Removed.Count > 0)
        {
            Read(Removed, Made(() => section.RemoverOf(Header), settings), settings);
        }

        Read(Groups, Made(() => section.ReaderOf(Header, replaces: IsDelta), settings), settings);
    }

    private void Read(
        IReadOnlyList<StoredGroup> groups, RestorableSection.EntryReader read, KeyedStateSettings settings)
    {
        foreach (StoredGroup group in groups)
        {
            RecordReader reader = new(group.Bytes.Span);
            for (int i = 0; i < group.Entries; i++)
            {
                int found = KeyGroupAssignment.KeyGroupOf(read(ref reader), settings.KeyGroups);
                if (found != group.KeyGroup)
                {
                    throw new IncompatibleStateException(
                        $"State '{Header.Name}' of operator '{settings.OperatorName}': a key saved in key group " +
                        $"{group.KeyGroup} now belongs to {found}. What keys are made of must stay the same.");
                }
            }

            reader.ExpectEnd();
        }
    }

    private RestorableSection.EntryReader Made(Func<RestorableSection.EntryReader> make, KeyedStateSettings settings)
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

/// <summary>The entries of one key group.</summary>
/// <param name="KeyGroup">The key group.</param>
/// <param name="Entries">How many entries there are, from 1.</param>
/// <param name="Bytes">The entries one after the other.</param>
internal readonly record struct StoredGroup(int KeyGroup, int Entries, ReadOnlyMemory<byte> Bytes);
