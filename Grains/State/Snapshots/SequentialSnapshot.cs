using Millrace.Serialization;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>Reads version 1 of snapshots (docs/formats/keyed-state.md), in which sections come one after the
/// other.</summary>
internal static class SequentialSnapshot
{
    // Number, entries, length and a byte for the first entry.
    private const int GroupMinBytes = 4;

    /// <summary>Reads the sections, behind the range.</summary>
    /// <param name="reader">Stands there.</param>
    /// <param name="bytes">All of the snapshot; parts of it are kept.</param>
    /// <param name="range">The key groups that are in it.</param>
    public static List<StoredSection> Read(
        ref RecordReader reader, ReadOnlyMemory<byte> bytes, KeyGroupRange range)
    {
        int count = reader.ReadCount(KeyedSnapshotFormat.SectionMinBytes);
        List<StoredSection> sections = new(count);
        for (int i = 0; i < count; i++)
        {
            sections.Add(ReadSection(ref reader, bytes, range));
        }

        reader.ExpectEnd();
        return sections;
    }

    private static StoredSection ReadSection(
        ref RecordReader reader, ReadOnlyMemory<byte> bytes, KeyGroupRange range)
    {
        SectionHeader header = KeyedSnapshotFormat.ReadHeader(ref reader, out bool isDelta);
        if (isDelta)
        {
            reader.ThrowCorrupted($"section '{header.Name}' holds changes, which version 1 does not know");
        }

        StoredGroup[] groups = new StoredGroup[reader.ReadCount(GroupMinBytes)];
        for (int i = 0; i < groups.Length; i++)
        {
            uint keyGroup = reader.ReadVarUInt32();
            uint entries = reader.ReadVarUInt32();
            int length = reader.ReadBytes().Length;
            if (keyGroup >= (uint)range.End || keyGroup < (uint)range.First || entries > (uint)length)
            {
                reader.ThrowCorrupted(
                    $"{entries} entries in {length} bytes for key group {keyGroup} in a snapshot of {range}");
            }

            groups[i] = new StoredGroup((int)keyGroup, (int)entries, bytes.Slice(reader.Position - length, length));
        }

        return new StoredSection(header, groups);
    }
}
