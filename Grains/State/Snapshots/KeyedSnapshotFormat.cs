using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>The fixed parts of a snapshot's bytes (docs/formats/keyed-state.md).</summary>
internal static class KeyedSnapshotFormat
{
    /// <summary>Fewest bytes of a section: kind, name, flags, a key shape, a number of groups or blocks.</summary>
    public const int SectionMinBytes = 12;

    /// <summary>Bytes of magic and version.</summary>
    public const int PreambleBytes = 10;

    /// <summary>The version that is written.</summary>
    public const ushort Version = 3;

    /// <summary>The version in which sections come one after the other, each with its groups.</summary>
    public const ushort Sequential = 1;

    private const byte NamespaceFlag = 1;
    private const byte MapKeyFlag = 2;
    private const byte ValueFlag = 4;
    private const byte DeltaFlag = 8;

    // Kind, offset, number of pieces.
    private const int BlockMinBytes = 3;

    // Group, entries, length, checksum.
    private const int PieceMinBytes = 7;

    private const string TableName = "index of keyed state";

    private static ReadOnlySpan<byte> Magic => "MILLKEYS"u8;

    public static void WritePreamble(RecordWriter writer)
    {
        writer.WriteRaw(Magic);
        writer.WriteUInt16(Version);
    }

    /// <summary>Reads magic and version.</summary>
    /// <returns>One of the versions that can be read.</returns>
    public static ushort ReadPreamble(ref RecordReader reader)
    {
        if (!reader.ReadRaw(Magic.Length).SequenceEqual(Magic))
        {
            reader.ThrowCorrupted("a snapshot of keyed state begins with MILLKEYS");
        }

        ushort version = reader.ReadUInt16();
        if (version is < Sequential or > Version)
        {
            reader.ThrowCorrupted(
                $"a snapshot of format version {version}; this release reads {Sequential} to {Version}");
        }

        return version;
    }

    public static (int KeyGroups, KeyGroupRange Range) ReadRange(ref RecordReader reader)
    {
        uint keyGroups = reader.ReadVarUInt32();
        uint first = reader.ReadVarUInt32();
        uint end = reader.ReadVarUInt32();
        if (keyGroups is 0 or > KeyGroupAssignment.MaxKeyGroups || first >= end || end > keyGroups)
        {
            reader.ThrowCorrupted($"key groups {first} to {end} of {keyGroups}");
        }

        return ((int)keyGroups, new KeyGroupRange((int)first, (int)end));
    }

    public static SectionHeader ReadHeader(ref RecordReader reader, out bool isDelta)
    {
        byte kind = reader.ReadByte();
        if (kind is 0 or > (byte)SectionKind.ProcessingTimeTimers)
        {
            reader.ThrowCorrupted($"a section of kind {kind}");
        }

        string name = reader.ReadString() ?? "";
        TypeShape key = ShapeCodec.Read(ref reader);
        byte flags = reader.ReadByte();
        if (flags > (NamespaceFlag | MapKeyFlag | ValueFlag | DeltaFlag))
        {
            reader.ThrowCorrupted($"flags {flags} of section '{name}'");
        }

        isDelta = (flags & DeltaFlag) != 0;
        return new SectionHeader(
            (SectionKind)kind,
            name,
            key,
            (flags & NamespaceFlag) != 0 ? ShapeCodec.Read(ref reader) : null,
            (flags & MapKeyFlag) != 0 ? ShapeCodec.Read(ref reader) : null,
            (flags & ValueFlag) != 0 ? ShapeCodec.Read(ref reader) : null);
    }

    /// <summary>Appends the index and what says where it is.</summary>
    /// <param name="writer">Takes the bytes.</param>
    /// <param name="index">The index.</param>
    /// <param name="offset">Where it begins, from the beginning of the snapshot.</param>
    public static void WriteIndex(RecordWriter writer, SnapshotIndex index, long offset)
    {
        int start = writer.Length;
        writer.WriteCount(index.KeyGroups);
        writer.WriteCount(index.Range.First);
        writer.WriteCount(index.Range.End);
        writer.WriteCount(index.Sections.Count);
        foreach (IndexedSection section in index.Sections)
        {
            WriteHeader(writer, section.Header, section.IsDelta);
            writer.WriteCount(section.Blocks.Count);
            foreach (IndexedBlock block in section.Blocks)
            {
                WriteBlock(writer, block);
            }
        }

        TableTrailer.Write(writer, start, offset);
    }

    /// <summary>Where the index begins, out of the last bytes of a snapshot.</summary>
    /// <param name="trailer">They.</param>
    /// <param name="length">Number of bytes of the snapshot.</param>
    public static TableTrailer ReadTrailer(ReadOnlySpan<byte> trailer, long length) =>
        TableTrailer.Read(trailer, length, PreambleBytes, TableName);

    /// <summary>Reads an index.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="trailer">Where it begins: pieces stand before.</param>
    public static SnapshotIndex ReadIndex(ReadOnlySpan<byte> bytes, TableTrailer trailer)
    {
        RecordReader reader = trailer.ReaderOf(bytes, TableName);

        (int keyGroups, KeyGroupRange range) = ReadRange(ref reader);
        IndexedSection[] sections = new IndexedSection[reader.ReadCount(SectionMinBytes)];
        for (int i = 0; i < sections.Length; i++)
        {
            SectionHeader header = ReadHeader(ref reader, out bool isDelta);
            IndexedBlock[] blocks = new IndexedBlock[reader.ReadCount(BlockMinBytes)];
            for (int j = 0; j < blocks.Length; j++)
            {
                blocks[j] = ReadBlock(ref reader, range, trailer.Offset);
            }

            sections[i] = new IndexedSection(header, isDelta, blocks);
        }

        reader.ExpectEnd();
        return new SnapshotIndex(keyGroups, range, sections);
    }

    private static void WriteHeader(RecordWriter writer, SectionHeader header, bool isDelta)
    {
        writer.WriteByte((byte)header.Kind);
        writer.WriteString(header.Name);
        ShapeCodec.Write(writer, header.Key);
        writer.WriteByte((byte)(
            (header.Namespace is null ? 0 : NamespaceFlag)
            | (header.MapKey is null ? 0 : MapKeyFlag)
            | (header.Value is null ? 0 : ValueFlag)
            | (isDelta ? DeltaFlag : 0)));
        foreach (TypeShape? shape in (ReadOnlySpan<TypeShape?>)[header.Namespace, header.MapKey, header.Value])
        {
            if (shape is not null)
            {
                ShapeCodec.Write(writer, shape);
            }
        }
    }

    private static void WriteBlock(RecordWriter writer, IndexedBlock block)
    {
        writer.WriteByte((byte)block.Kind);
        writer.WriteVarUInt64((ulong)block.Offset);
        writer.WriteCount(block.Pieces.Count);
        foreach (Piece piece in block.Pieces)
        {
            writer.WriteCount(piece.KeyGroup);
            writer.WriteCount(piece.Entries);
            writer.WriteCount(piece.Length);
            writer.WriteUInt32(piece.Checksum);
        }
    }

    private static IndexedBlock ReadBlock(ref RecordReader reader, KeyGroupRange range, long end)
    {
        byte kind = reader.ReadByte();
        ulong offset = reader.ReadVarUInt64();
        Piece[] pieces = new Piece[reader.ReadCount(PieceMinBytes)];
        ulong length = 0;
        int last = range.First - 1;
        for (int i = 0; i < pieces.Length; i++)
        {
            uint group = reader.ReadVarUInt32();
            uint entries = reader.ReadVarUInt32();
            uint bytes = reader.ReadVarUInt32();
            uint checksum = reader.ReadUInt32();
            if (group >= (uint)range.End || (int)group <= last || entries is 0 || bytes > int.MaxValue
                || entries > bytes)
            {
                reader.ThrowCorrupted(
                    $"{entries} entries in {bytes} bytes for key group {group} in a snapshot of {range}");
            }

            last = (int)group;
            length += bytes;
            pieces[i] = new Piece((int)group, (int)entries, (int)bytes, checksum);
        }

        if (kind is < (byte)BlockKind.Entries or > (byte)BlockKind.More
            || offset < PreambleBytes || offset > (ulong)end || length > (ulong)end - offset)
        {
            reader.ThrowCorrupted($"a block of kind {kind} with {length} bytes from byte {offset} on, of {end}");
        }

        return new IndexedBlock((BlockKind)kind, (long)offset, pieces);
    }
}
