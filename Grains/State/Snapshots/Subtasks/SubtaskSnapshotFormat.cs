using Millrace.Execution.Spilling;
using Millrace.Serialization;

namespace Millrace.State.Snapshots.Subtasks;

/// <summary>What one subtask keeps, as bytes (docs/formats/subtask-state.md).</summary>
internal static class SubtaskSnapshotFormat
{
    /// <summary>Bytes of magic and version.</summary>
    public const int PreambleBytes = 10;

    /// <summary>The version that is written.</summary>
    public const ushort Version = 3;

    /// <summary>The version in which operators come one after the other, with all they keep.</summary>
    public const ushort Sequential = 1;

    // Id, offset and length, a length, a count and a watermark.
    private const int OperatorMinBytes = 13;

    private const string TableName = "table of a subtask's state";

    private static ReadOnlySpan<byte> Magic => "MILLTASK"u8;

    /// <summary>Appends the bytes, part by part. Committables are no part of them.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="subtask">What the subtask keeps.</param>
    /// <param name="table">Gets where what is.</param>
    /// <returns>Behind each part, the position of the output.</returns>
    public static IEnumerable<long> Write(SnapshotOutput output, FrozenSubtask subtask, SubtaskTable table)
    {
        output.Writer.WriteRaw(Magic);
        output.Writer.WriteUInt16(Version);
        foreach ((string id, FrozenOperator kept) in subtask.Operators)
        {
            long start = output.Position;
            foreach (long position in kept.Keyed?.Write(output) ?? [])
            {
                yield return position;
            }

            ByteRange keyed = new(start, output.Position - start);
            CheckedPart unkeyed = new(output);
            foreach (long position in unkeyed.Write(kept.Unkeyed))
            {
                yield return position;
            }

            table.Operators.Add(new StoredOperator(id, keyed, unkeyed.Range, kept.Watermark, kept.Items));
        }

        CheckedPart incoming = new(output);
        foreach (long position in incoming.Write(subtask.Incoming))
        {
            yield return position;
        }

        CheckedPart outgoing = new(output);
        foreach (long position in outgoing.Write(subtask.Outgoing))
        {
            yield return position;
        }

        (table.Incoming, table.Outgoing) = (incoming.Range, outgoing.Range);
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
        if (version is < Sequential or > Version)
        {
            reader.ThrowCorrupted(
                $"the state of a subtask in format version {version}; this release reads {Sequential} to {Version}");
        }

        return version;
    }

    /// <summary>Where the table begins, out of the last bytes of a subtask's state.</summary>
    /// <param name="trailer">They.</param>
    /// <param name="length">Number of bytes of the state.</param>
    public static TableTrailer ReadTrailer(ReadOnlySpan<byte> trailer, long length) =>
        TableTrailer.Read(trailer, length, PreambleBytes, TableName);

    /// <summary>Reads the table.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="trailer">Where it begins: what it tells of stands before.</param>
    public static SubtaskTable ReadTable(ReadOnlySpan<byte> bytes, TableTrailer trailer)
    {
        RecordReader reader = trailer.ReaderOf(bytes, TableName);

        SubtaskTable table = new();
        int operators = reader.ReadCount(OperatorMinBytes);
        HashSet<string> ids = [];
        for (int i = 0; i < operators; i++)
        {
            StoredOperator stored = ReadOperator(ref reader, trailer.Offset);
            table.Operators.Add(stored);
            if (!ids.Add(stored.Id))
            {
                reader.ThrowCorrupted($"operator '{stored.Id}' stands in it twice");
            }
        }

        // Version 2 ends here.
        if (reader.Remaining > 0)
        {
            table.Incoming = ReadChecked(ref reader, trailer.Offset);
            table.Outgoing = ReadChecked(ref reader, trailer.Offset);
        }

        reader.ExpectEnd();
        return table;
    }

    /// <summary>Reads what version 1 has behind magic and version.</summary>
    public static SubtaskSnapshot ReadSequential(ref RecordReader reader)
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
        return SubtaskSnapshot.Empty with { Operators = operators };
    }

    private static void WriteTable(SnapshotOutput output, SubtaskTable table)
    {
        RecordWriter writer = output.Writer;
        long offset = output.Position;
        int start = writer.Length;
        writer.WriteCount(table.Operators.Count);
        foreach (StoredOperator stored in table.Operators)
        {
            writer.WriteString(stored.Id);
            WriteRange(writer, stored.Keyed);
            WriteChecked(writer, stored.Unkeyed);
            writer.WriteInt64(stored.Watermark);
            writer.WriteBytes(stored.Items.Shape);
            writer.WriteCount(stored.Items.Values.Count);
            foreach (byte[] value in stored.Items.Values)
            {
                writer.WriteBytes(value);
            }
        }

        WriteChecked(writer, table.Incoming);
        WriteChecked(writer, table.Outgoing);
        TableTrailer.Write(writer, start, offset);
    }

    private static void WriteRange(RecordWriter writer, ByteRange range)
    {
        writer.WriteVarUInt64((ulong)range.Offset);
        writer.WriteVarUInt64((ulong)range.Length);
    }

    private static void WriteChecked(RecordWriter writer, CheckedRange range)
    {
        WriteRange(writer, range.Bytes);
        writer.WriteUInt32(range.Checksum);
    }

    private static StoredOperator ReadOperator(ref RecordReader reader, long end)
    {
        string id = reader.ReadString() ?? "";
        ByteRange keyed = ReadRange(ref reader, end);
        CheckedRange unkeyed = ReadChecked(ref reader, end);
        long watermark = reader.ReadInt64();
        return new StoredOperator(id, keyed, unkeyed, watermark, ReadItems(ref reader));
    }

    private static CheckedRange ReadChecked(ref RecordReader reader, long end) =>
        new(ReadRange(ref reader, end), reader.ReadUInt32());

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

    /// <summary>A part of the output that gets a checksum, from where the output is.</summary>
    private sealed class CheckedPart(SnapshotOutput output)
    {
        private readonly long _start = output.Position;

        /// <summary>Where it is, once it is written.</summary>
        public CheckedRange Range { get; private set; }

        public IEnumerable<long> Write(FrozenState? state)
        {
            RecordWriter writer = output.Writer;
            uint checksum = 0;
            int from = writer.Length;
            foreach (long position in state?.Write(output) ?? [])
            {
                checksum = Checksum.Append(checksum, writer.WrittenSpan[from..]);
                yield return position;
                from = writer.Length;
            }

            checksum = Checksum.Append(checksum, writer.WrittenSpan[from..]);
            Range = new CheckedRange(new ByteRange(_start, output.Position - _start), checksum);
        }
    }
}
