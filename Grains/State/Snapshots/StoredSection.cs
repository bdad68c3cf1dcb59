using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A section as a snapshot holds it: what nobody has asked for yet, or ever will.</summary>
/// <param name="Header">What it holds, with the writer's shapes.</param>
/// <param name="Groups">Its entries by key group.</param>
internal sealed record StoredSection(SectionHeader Header, IReadOnlyList<StoredGroup> Groups)
{
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

        RestorableSection.EntryReader read = ReaderOf(section, settings);
        foreach (StoredGroup group in Groups)
        {
            RecordReader reader = new(group.Bytes.Span);
            for (int i = 0; i < group.Entries; i++)
            {
                int found = KeyGroupAssignment.KeyGroupOf(read(ref reader), settings.KeyGroups);
                if (found != group.KeyGroup)
                {
                    throw new IncompatibleStateException(
                        $"State '{present.Name}' of operator '{settings.OperatorName}': a key saved in key group " +
                        $"{group.KeyGroup} now belongs to {found}. What keys are made of must stay the same.");
                }
            }

            reader.ExpectEnd();
        }
    }

    private RestorableSection.EntryReader ReaderOf(RestorableSection section, KeyedStateSettings settings)
    {
        try
        {
            return section.ReaderOf(Header);
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
