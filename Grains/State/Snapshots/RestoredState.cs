using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>What snapshots hold for the key groups of one subtask, until somebody asks for it.</summary>
internal sealed class RestoredState
{
    private readonly KeyedStateSettings _settings;
    private readonly Dictionary<(SectionKind Names, string Name), List<StoredSection>> _sections = [];

    private RestoredState(KeyedStateSettings settings) => _settings = settings;

    /// <summary>Nothing.</summary>
    public static RestoredState Empty(KeyedStateSettings settings) => new(settings);

    /// <summary>Reads the parts that belong to the key groups of the settings. An empty snapshot is that of a subtask
    /// which had finished: its key groups hold nothing any more.</summary>
    /// <exception cref="IncompatibleStateException">The snapshots do not cover them, each once, or were taken with
    /// another number of key groups.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no snapshot.</exception>
    public static RestoredState Of(KeyedStateSettings settings, IReadOnlyList<ReadOnlyMemory<byte>> snapshots)
    {
        var restored = new RestoredState(settings);
        bool[] covered = new bool[settings.KeyGroups];
        bool hasFinished = false;
        foreach (ReadOnlyMemory<byte> snapshot in snapshots)
        {
            hasFinished |= snapshot.IsEmpty;
            if (!snapshot.IsEmpty)
            {
                restored.Read(snapshot, covered);
            }
        }

        for (int keyGroup = settings.Range.First; keyGroup < settings.Range.End && !hasFinished; keyGroup++)
        {
            if (!covered[keyGroup])
            {
                throw new IncompatibleStateException(
                    $"Operator '{settings.OperatorName}' is to restore {settings.Range}, and none of " +
                    $"{snapshots.Count} snapshots holds key group {keyGroup}.");
            }
        }

        return restored;
    }

    /// <summary>What nobody has asked for.</summary>
    public IReadOnlyCollection<StoredSection> Untouched => [.. _sections.Values.SelectMany(sections => sections)];

    /// <summary>Gives a section what was saved for it.</summary>
    /// <exception cref="IncompatibleStateException">It cannot take that over.</exception>
    public void MoveTo(RestorableSection section)
    {
        if (_sections.Remove(section.Header.Id, out List<StoredSection>? stored))
        {
            stored.ForEach(part => part.ReadInto(section, _settings));
        }
    }

    private void Read(ReadOnlyMemory<byte> snapshot, bool[] covered)
    {
        RecordReader reader = new(snapshot.Span);
        (int keyGroups, KeyGroupRange range) = KeyedSnapshotFormat.ReadPreamble(ref reader);
        if (keyGroups != _settings.KeyGroups)
        {
            throw new IncompatibleStateException(
                $"State of operator '{_settings.OperatorName}' was saved with {keyGroups} key groups and is to be " +
                $"restored with {_settings.KeyGroups}: their number is fixed for the life of the state.");
        }

        for (int keyGroup = range.First; keyGroup < range.End; keyGroup++)
        {
            if (covered[keyGroup])
            {
                throw new IncompatibleStateException(
                    $"Operator '{_settings.OperatorName}' is to restore two snapshots that both hold key group " +
                    $"{keyGroup}.");
            }

            covered[keyGroup] = true;
        }

        int sections = reader.ReadCount(KeyedSnapshotFormat.SectionMinBytes);
        for (int i = 0; i < sections; i++)
        {
            ReadSection(ref reader, snapshot, range);
        }

        reader.ExpectEnd();
    }

    private void ReadSection(ref RecordReader reader, ReadOnlyMemory<byte> snapshot, KeyGroupRange range)
    {
        SectionHeader header = KeyedSnapshotFormat.ReadHeader(ref reader);
        List<StoredGroup> groups = [];
        int count = reader.ReadCount(KeyedSnapshotFormat.GroupMinBytes);
        for (int i = 0; i < count; i++)
        {
            uint keyGroup = reader.ReadVarUInt32();
            uint entries = reader.ReadVarUInt32();
            int length = reader.ReadBytes().Length;
            if (keyGroup >= (uint)range.End || keyGroup < (uint)range.First || entries > (uint)length)
            {
                reader.ThrowCorrupted(
                    $"{entries} entries in {length} bytes for key group {keyGroup} in a snapshot of {range}");
            }

            if (_settings.Range.Contains((int)keyGroup))
            {
                groups.Add(new StoredGroup(
                    (int)keyGroup, (int)entries, snapshot.Slice(reader.Position - length, length)));
            }
        }

        if (!_sections.TryGetValue(header.Id, out List<StoredSection>? parts))
        {
            parts = [];
            _sections.Add(header.Id, parts);
        }

        parts.Add(new StoredSection(header, groups));
    }
}
