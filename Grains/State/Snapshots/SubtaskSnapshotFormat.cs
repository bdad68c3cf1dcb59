using System.Buffers.Binary;
using Millrace.Execution.Spilling;
using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>What all operators of one subtask keep (docs/formats/subtask-state.md).</summary>
internal static class SubtaskSnapshotFormat
{
    /// <summary>Bytes of magic and version.</summary>
    public const int PreambleBytes = 10;

    /// <summary>Bytes at the end: where the table begins, and its checksum.</summary>
    public const int TrailerBytes = 12;

    /// <summary>The version that is written.</summary>
    public const ushort Version = 2;

    /// <summary>The version in which operators come one after the other, with all they keep.</summary>
    public const ushort Sequential = 1;

    // Id, offset and length, a length, a count and a watermark.
    private const int OperatorMinBytes = 13;

    private static ReadOnlySpan<byte> Magic => "MILLTASK"u8;

    /// <summary>Appends the bytes, part by part. Committables are no part of them.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="operators">Id of each operator, and what it keeps.</param>
    /// <param name="table">Gets where what is.</param>
    /// <returns>Behind each part, the position of the output.</returns>
    public static IEnumerable<long> Write(
        SnapshotOutput output,
        IReadOnlyList<(string Id, FrozenOperator Kept)> operators,
        List<StoredOperator> table)
    {
        RecordWriter writer = output.Writer;
        writer.WriteRaw(Magic);
        writer.WriteUInt16(Version);
        foreach ((string id, FrozenOperator kept) in operators)
        {
            long start = output.Position;
            foreach (long position in kept.Keyed?.Write(output) ?? [])
            {
                yield return position;
            }

            ByteRange keyed = new(start, output.Position - start);
            start = output.Position;
            uint checksum = 0;
            int from = writer.Length;
            foreach (long position in kept.Unkeyed?.Write(output) ?? [])
            {
                checksum = Checksum.Append(checksum, writer.WrittenSpan[from..]);
                yield return position;
                from = writer.Length;
            }

            checksum = Checksum.Append(checksum, writer.WrittenSpan[from..]);
            ByteRange unkeyed = new(start, output.Position - start);
            table.Add(new StoredOperator(id, keyed, unkeyed, checksum, kept.Watermark, kept.Items));
        }

        WriteTable(output, table);
        yield return output.Position;
    }

    /// <summary>Reads magic and version.</summary>
    /// <returns>One of the versions that can be read.</returns>
    public static ushort ReadPreamble(ref RecordReader reader)
    {
        if (!reader.ReadRaw(Magic.Length).SequenceEqual(Magic))
        {
            reader.ThrowCorrupted("the state of a subtask begins with MILLTASK");
        }

        ushort version = reader.ReadUInt16();
        if (version is not (Version or Sequential))
        {
            reader.ThrowCorrupted(
                $"the state of a subtask in format version {version}; this release reads {Sequential} and {Version}");
        }

        return version;
    }

    /// <summary>Where the table begins, out of the last bytes of a subtask's state.</summary>
    /// <param name="trailer">They.</param>
    /// <param name="length">Number of bytes of the state.</param>
    public static (long Offset, uint Checksum) ReadTrailer(ReadOnlySpan<byte> trailer, long length)
    {
        long offset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        if (offset < PreambleBytes || offset > length - TrailerBytes)
        {
            new RecordReader(trailer).ThrowCorrupted(
                $"the table of a subtask's state begins at byte {offset} of {length}, which cannot be");
        }

        return (offset, BinaryPrimitives.ReadUInt32LittleEndian(trailer[sizeof(long)..]));
    }

    /// <summary>Reads the table.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="checksum">What they were when they were written.</param>
    /// <param name="offset">Where it begins: what it tells of stands before.</param>
    public static IReadOnlyList<StoredOperator> ReadTable(ReadOnlySpan<byte> bytes, uint checksum, long offset)
    {
        RecordReader reader = new(bytes);
        uint found = Checksum.Of(bytes);
        if (found != checksum)
        {
            reader.ThrowCorrupted(
                $"the table of a subtask's state has the checksum {found:x8}, and {checksum:x8} was written");
        }

        StoredOperator[] operators = new StoredOperator[reader.ReadCount(OperatorMinBytes)];
        HashSet<string> ids = [];
        for (int i = 0; i < operators.Length; i++)
        {
            operators[i] = ReadOperator(ref reader, offset);
            if (!ids.Add(operators[i].Id))
            {
                reader.ThrowCorrupted($"operator '{operators[i].Id}' stands in it twice");
            }
        }

        reader.ExpectEnd();
        return operators;
    }

    /// <summary>Reads what version 1 has behind magic and version.</summary>
    public static IReadOnlyDictionary<string, OperatorSnapshot> ReadSequential(ref RecordReader reader)
    {
        int count = reader.ReadCount(OperatorMinBytes);
        Dictionary<string, OperatorSnapshot> operators = new(count);
        for (int i = 0; i < count; i++)
        {
            string id = reader.ReadString() ?? "";
            byte[] keyed = reader.ReadBytes().ToArray();
            byte[] unkeyed = reader.ReadBytes().ToArray();
            long watermark = reader.ReadInt64();
            OperatorSnapshot snapshot = new(keyed)
            {
                Unkeyed = unkeyed,
                Watermark = watermark,
                Items = ReadItems(ref reader),
            };
            if (!operators.TryAdd(id, snapshot))
            {
                reader.ThrowCorrupted($"operator '{id}' stands in it twice");
            }
        }

        reader.ExpectEnd();
        return operators;
    }

    private static void WriteTable(SnapshotOutput output, List<StoredOperator> operators)
    {
        RecordWriter writer = output.Writer;
        long offset = output.Position;
        int start = writer.Length;
        writer.WriteCount(operators.Count);
        foreach (StoredOperator stored in operators)
        {
            writer.WriteString(stored.Id);
            writer.WriteVarUInt64((ulong)stored.Keyed.Offset);
            writer.WriteVarUInt64((ulong)stored.Keyed.Length);
            writer.WriteVarUInt64((ulong)stored.Unkeyed.Offset);
            writer.WriteVarUInt64((ulong)stored.Unkeyed.Length);
            writer.WriteUInt32(stored.UnkeyedChecksum);
            writer.WriteInt64(stored.Watermark);
            writer.WriteBytes(stored.Items.Shape);
            writer.WriteCount(stored.Items.Values.Count);
            foreach (byte[] value in stored.Items.Values)
            {
                writer.WriteBytes(value);
            }
        }

        uint checksum = Checksum.Of(writer.WrittenSpan[start..]);
        writer.WriteInt64(offset);
        writer.WriteUInt32(checksum);
    }

    private static StoredOperator ReadOperator(ref RecordReader reader, long end)
    {
        string id = reader.ReadString() ?? "";
        ByteRange keyed = ReadRange(ref reader, end);
        ByteRange unkeyed = ReadRange(ref reader, end);
        uint checksum = reader.ReadUInt32();
        long watermark = reader.ReadInt64();
        return new StoredOperator(id, keyed, unkeyed, checksum, watermark, ReadItems(ref reader));
    }

    private static ByteRange ReadRange(ref RecordReader reader, long end)
    {
        ulong offset = reader.ReadVarUInt64();
        ulong length = reader.ReadVarUInt64();
        if (offset > (ulong)end || length > (ulong)end - offset)
        {
            reader.ThrowCorrupted($"{length} bytes from byte {offset} on, of {end}");
        }

        return new ByteRange((long)offset, (long)length);
    }

    private static OperatorItems ReadItems(ref RecordReader reader)
    {
        byte[] shape = reader.ReadBytes().ToArray();
        byte[][] values = new byte[reader.ReadCount(1)][];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadBytes().ToArray();
        }

        return values.Length == 0 ? OperatorItems.None : new OperatorItems(shape, values);
    }
}

/// <summary>Where what an operator kept is in a subtask's state.</summary>
/// <param name="Id">The operator's id in the plan.</param>
/// <param name="Keyed">Its keyed state, or no bytes.</param>
/// <param name="Unkeyed">Its operator state, or no bytes.</param>
/// <param name="UnkeyedChecksum">CRC-32C of the operator state.</param>
/// <param name="Watermark">How far event time had come.</param>
/// <param name="Items">What is dealt out anew.</param>
internal sealed record StoredOperator(
    string Id, ByteRange Keyed, ByteRange Unkeyed, uint UnkeyedChecksum, long Watermark, OperatorItems Items);

/// <summary>Neighbouring bytes.</summary>
/// <param name="Offset">Of the first one.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct ByteRange(long Offset, long Length);
