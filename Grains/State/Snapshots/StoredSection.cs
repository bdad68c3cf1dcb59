using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A section as a snapshot holds it: what nobody has asked for yet, or ever will.</summary>
/// <param name="Header">What it holds, with the writer's shapes.</param>
/// <param name="Groups">Its entries by key group; a key group may come several times.</param>
internal sealed record StoredSection(SectionHeader Header, IReadOnlyList<StoredGroup> Groups)
{
    private const int EntriesAtOnce = 256;

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
            Read(Removed, Made(() => RestorableSection.OneByOne(section.RemoverOf(Header)), settings), settings);
        }

        long entries = Groups.Sum(static group => (long)group.Entries);
        Read(Groups, Made(() => section.BatchReaderOf(Header, replaces: IsDelta, entries), settings), settings);
    }

    private void Read(
        IReadOnlyList<StoredGroup> groups, RestorableSection.EntriesReader read, KeyedStateSettings settings)
    {
        using GroupRoom room = new();
        Span<ulong> hashRoom = stackalloc ulong[EntriesAtOnce];
        foreach (StoredGroup group in groups)
        {
            RecordReader reader = new(group.Read(room));
            for (int left = group.Entries; left > 0; left -= Math.Min(left, EntriesAtOnce))
            {
                Span<ulong> hashes = hashRoom[..Math.Min(left, EntriesAtOnce)];
                read(ref reader, hashes);
                foreach (ulong hash in hashes)
                {
                    Check(hash, group.KeyGroup, settings);
                }
            }

            reader.ExpectEnd();
        }
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

    private RestorableSection.EntriesReader Made(
        Func<RestorableSection.EntriesReader> make, KeyedStateSettings settings)
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

/// <summary>The entries of one key group, in memory or elsewhere.</summary>
internal readonly record struct StoredGroup
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly RestoredBytes? _elsewhere;
    private readonly long _offset;

    /// <param name="keyGroup">The key group.</param>
    /// <param name="entries">How many entries there are, from 1.</param>
    /// <param name="bytes">The entries one after the other.</param>
    public StoredGroup(int keyGroup, int entries, ReadOnlyMemory<byte> bytes)
    {
        KeyGroup = keyGroup;
        Entries = entries;
        Length = bytes.Length;
        _bytes = bytes;
    }

    private StoredGroup(StoredGroup group, RestoredBytes elsewhere, long offset)
    {
        KeyGroup = group.KeyGroup;
        Entries = group.Entries;
        Length = group.Length;
        _elsewhere = elsewhere;
        _offset = offset;
    }

    /// <summary>The key group.</summary>
    public int KeyGroup { get; }

    /// <summary>How many entries there are, from 1.</summary>
    public int Entries { get; }

    /// <summary>Number of bytes.</summary>
    public int Length { get; }

    /// <summary>The same entries, of which the bytes are elsewhere.</summary>
    /// <param name="elsewhere">Where; whoever reads them holds on to it.</param>
    /// <param name="offset">Of the first one.</param>
    public StoredGroup MovedTo(RestoredBytes elsewhere, long offset) => new(this, elsewhere, offset);

    /// <summary>The entries one after the other.</summary>
    /// <param name="room">Where they are put unless they are in memory: until the next call.</param>
    /// <exception cref="Failures.StreamingException">They cannot be read.</exception>
    public ReadOnlySpan<byte> Read(GroupRoom room)
    {
        if (_elsewhere is null)
        {
            return _bytes.Span;
        }

        Span<byte> bytes = room.Of(Length);
        _elsewhere.Read(_offset, bytes);
        return bytes;
    }
}
