using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>What stands in a snapshot of keyed state, not looked into.</summary>
/// <param name="KeyGroups">How many the operator has over all subtasks.</param>
/// <param name="Range">The key groups in it.</param>
/// <param name="Sections">Its states and timers.</param>
internal sealed record KeyedSnapshotContents(
    int KeyGroups, KeyGroupRange Range, IReadOnlyList<StoredSection> Sections)
{
    /// <summary>Reads it.</summary>
    /// <param name="snapshot">The bytes; they are kept.</param>
    /// <param name="wanted">Which key groups; null for all.</param>
    /// <exception cref="RecordCorruptedException">The bytes are no snapshot.</exception>
    public static KeyedSnapshotContents Read(ReadOnlyMemory<byte> snapshot, KeyGroupRange? wanted = null)
    {
        RecordReader reader = new(snapshot.Span);
        (int keyGroups, KeyGroupRange range) = KeyedSnapshotFormat.ReadPreamble(ref reader);
        StoredSection[] sections = new StoredSection[reader.ReadCount(KeyedSnapshotFormat.SectionMinBytes)];
        for (int i = 0; i < sections.Length; i++)
        {
            sections[i] = ReadSection(ref reader, snapshot, range, wanted ?? range);
        }

        reader.ExpectEnd();
        return new KeyedSnapshotContents(keyGroups, range, sections);
    }

    private static StoredSection ReadSection(
        ref RecordReader reader, ReadOnlyMemory<byte> snapshot, KeyGroupRange range, KeyGroupRange wanted)
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

            if (wanted.Contains((int)keyGroup))
            {
                groups.Add(new StoredGroup(
                    (int)keyGroup, (int)entries, snapshot.Slice(reader.Position - length, length)));
            }
        }

        return new StoredSection(header, groups);
    }
}
