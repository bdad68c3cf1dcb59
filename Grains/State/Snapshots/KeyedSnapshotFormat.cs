using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>The fixed parts of a snapshot's bytes (docs/formats/keyed-state.md).</summary>
internal static class KeyedSnapshotFormat
{
    /// <summary>Fewest bytes of a section: kind, name, flags, a key shape, a number of groups.</summary>
    public const int SectionMinBytes = 12;

    /// <summary>Fewest bytes of a group: number, entries, length and a byte for the first entry.</summary>
    public const int GroupMinBytes = 4;

    private const ushort Version = 1;

    private const byte NamespaceFlag = 1;
    private const byte MapKeyFlag = 2;
    private const byte ValueFlag = 4;

    private static ReadOnlySpan<byte> Magic => "MILLKEYS"u8;

    public static void WritePreamble(RecordWriter writer, int keyGroups, KeyGroupRange range)
    {
        writer.WriteRaw(Magic);
        writer.WriteUInt16(Version);
        writer.WriteCount(keyGroups);
        writer.WriteCount(range.First);
        writer.WriteCount(range.End);
    }

    public static (int KeyGroups, KeyGroupRange Range) ReadPreamble(ref RecordReader reader)
    {
        if (!reader.ReadRaw(Magic.Length).SequenceEqual(Magic))
        {
            reader.ThrowCorrupted("a snapshot of keyed state begins with MILLKEYS");
        }

        ushort version = reader.ReadUInt16();
        if (version != Version)
        {
            reader.ThrowCorrupted($"a snapshot of format version {version}; this release reads {Version}");
        }

        uint keyGroups = reader.ReadVarUInt32();
        uint first = reader.ReadVarUInt32();
        uint end = reader.ReadVarUInt32();
        if (keyGroups is 0 or > KeyGroupAssignment.MaxKeyGroups || first >= end || end > keyGroups)
        {
            reader.ThrowCorrupted($"key groups {first} to {end} of {keyGroups}");
        }

        return ((int)keyGroups, new KeyGroupRange((int)first, (int)end));
    }

    public static void WriteHeader(RecordWriter writer, SectionHeader header)
    {
        writer.WriteByte((byte)header.Kind);
        writer.WriteString(header.Name);
        ShapeCodec.Write(writer, header.Key);
        writer.WriteByte((byte)(
            (header.Namespace is null ? 0 : NamespaceFlag)
            | (header.MapKey is null ? 0 : MapKeyFlag)
            | (header.Value is null ? 0 : ValueFlag)));
        foreach (TypeShape? shape in (ReadOnlySpan<TypeShape?>)[header.Namespace, header.MapKey, header.Value])
        {
            if (shape is not null)
            {
                ShapeCodec.Write(writer, shape);
            }
        }
    }

    public static SectionHeader ReadHeader(ref RecordReader reader)
    {
        byte kind = reader.ReadByte();
        if (kind is 0 or > (byte)SectionKind.ProcessingTimeTimers)
        {
            reader.ThrowCorrupted($"a section of kind {kind}");
        }

        string name = reader.ReadString() ?? "";
        TypeShape key = ShapeCodec.Read(ref reader);
        byte flags = reader.ReadByte();
        if (flags > (NamespaceFlag | MapKeyFlag | ValueFlag))
        {
            reader.ThrowCorrupted($"flags {flags} of section '{name}'");
        }

        return new SectionHeader(
            (SectionKind)kind,
            name,
            key,
            (flags & NamespaceFlag) != 0 ? ShapeCodec.Read(ref reader) : null,
            (flags & MapKeyFlag) != 0 ? ShapeCodec.Read(ref reader) : null,
            (flags & ValueFlag) != 0 ? ShapeCodec.Read(ref reader) : null);
    }
}
