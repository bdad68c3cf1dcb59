using Millrace.Serialization;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>Puts what was saved for a section of the running program into it.</summary>
/// <param name="section">The section.</param>
/// <param name="settings">Of its operator.</param>
internal sealed class SectionRestore(RestorableSection section, KeyedStateSettings settings)
{
    private const int EntriesAtOnce = 1_024;

    /// <summary>Puts all entries into it.</summary>
    /// <param name="parts">What was saved, of each key group in the order in which it applies.</param>
    /// <exception cref="IncompatibleStateException">The section is of another kind, or cannot read them.</exception>
    /// <exception cref="OperationCanceledException">It was canceled, between two key groups.</exception>
    public void Fill(IReadOnlyList<StoredSection> parts)
    {
        foreach (StoredSection part in parts)
        {
            RequireKind(part.Header);
        }

        // A key group is whole before it is changed, and comes from one former subtask: so what is whole goes first,
        // and that of all subtasks with the same types in one go.
        StoredSection[] whole = [.. parts.Where(static part => !part.IsDelta)];
        long left = whole.Sum(static part => part.Groups.Sum(static group => (long)group.Entries));
        for (int i = 0; i < whole.Length;)
        {
            int end = i + 1;
            while (end < whole.Length && whole[end].Header == whole[i].Header)
            {
                end++;
            }

            SectionHeader header = whole[i].Header;
            StoredGroup[] groups = [.. whole[i..end].SelectMany(static part => part.Groups)];
            long entries = left;
            Read(groups, header, () => section.BatchReaderOf(header, replaces: false, entries));
            ReadMore([.. whole[i..end].SelectMany(static part => part.More)], header);
            left -= groups.Sum(static group => (long)group.Entries);
            i = end;
        }

        foreach (StoredSection part in parts.Where(static part => part.IsDelta))
        {
            if (part.Removed.Count > 0)
            {
                Read(part.Removed, part.Header, () => new SingleEntries(section.RemoverOf(part.Header)));
            }

            Read(part.Groups, part.Header, () => section.BatchReaderOf(
                part.Header, replaces: true, part.Groups.Sum(static group => (long)group.Entries)));
            ReadMore(part.More, part.Header);
        }
    }

    private void ReadMore(IReadOnlyList<StoredGroup> groups, SectionHeader header)
    {
        if (groups.Count > 0)
        {
            Read(groups, header, () => new SingleEntries(section.MoreReaderOf(header)));
        }
    }

    private void Read(IReadOnlyList<StoredGroup> groups, SectionHeader header, Func<EntriesReader> make)
    {
        EntriesReader read = Made(make, header);
        using GroupFeed feed = new(groups, settings.Stop);
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
                    Check(hash, group.KeyGroup);
                }
            }

            reader.ExpectEnd();
        }

        read.End();
    }

    private void RequireKind(SectionHeader header)
    {
        SectionHeader present = section.Header;
        if (header.Kind != present.Kind)
        {
            throw new IncompatibleStateException(
                $"State '{present.Name}' of operator '{settings.OperatorName}' was saved as state of kind " +
                $"{header.Kind}, and the program asks for kind {present.Kind}: give it another name.");
        }
    }

    private void Check(ulong hash, int keyGroup)
    {
        int found = KeyGroupAssignment.KeyGroupOf(hash, settings.KeyGroups);
        if (found != keyGroup)
        {
            throw new IncompatibleStateException(
                $"State '{section.Header.Name}' of operator '{settings.OperatorName}': a key saved in key group " +
                $"{keyGroup} now belongs to {found}. What keys are made of must stay the same.");
        }
    }

    private EntriesReader Made(Func<EntriesReader> make, SectionHeader header)
    {
        try
        {
            return make();
        }
        catch (IncompatibleShapeException exception)
        {
            throw new IncompatibleStateException(
                $"State '{header.Name}' of operator '{settings.OperatorName}' was saved with other types than the " +
                $"program has: {exception.Message}",
                exception);
        }
    }
}
