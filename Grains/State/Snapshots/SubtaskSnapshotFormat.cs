using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>What all operators of one subtask keep, in one piece of bytes (docs/formats/subtask-state.md).</summary>
internal static class SubtaskSnapshotFormat
{
    private const ushort Version = 1;

    // Id, three lengths, a count and a watermark.
    private const int OperatorMinBytes = 13;

    private static ReadOnlySpan<byte> Magic => "MILLTASK"u8;

    /// <summary>The bytes. Committables are no part of them.</summary>
    /// <param name="operators">Id and snapshot of each operator.</param>
    public static byte[] Write(IReadOnlyList<(string Id, OperatorSnapshot Snapshot)> operators)
    {
        using RecordWriter writer = new();
        writer.WriteRaw(Magic);
        writer.WriteUInt16(Version);
        writer.WriteCount(operators.Count);
        foreach ((string id, OperatorSnapshot snapshot) in operators)
        {
            writer.WriteString(id);
            writer.WriteBytes(snapshot.Keyed.Span);
            writer.WriteBytes(snapshot.Unkeyed.Span);
            writer.WriteInt64(snapshot.Watermark);
            writer.WriteBytes(snapshot.Items.Shape);
            writer.WriteCount(snapshot.Items.Values.Count);
            foreach (byte[] value in snapshot.Items.Values)
            {
                writer.WriteBytes(value);
            }
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are something else, or of another version.</exception>
    public static IReadOnlyDictionary<string, OperatorSnapshot> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        if (!reader.ReadRaw(Magic.Length).SequenceEqual(Magic))
        {
            reader.ThrowCorrupted("the state of a subtask begins with MILLTASK");
        }

        ushort version = reader.ReadUInt16();
        if (version != Version)
        {
            reader.ThrowCorrupted($"the state of a subtask in format version {version}; this release reads {Version}");
        }

        int count = reader.ReadCount(OperatorMinBytes);
        Dictionary<string, OperatorSnapshot> operators = new(count);
        for (int i = 0; i < count; i++)
        {
            string id = reader.ReadString() ?? "";
            if (!operators.TryAdd(id, ReadOperator(ref reader)))
            {
                reader.ThrowCorrupted($"operator '{id}' stands in it twice");
            }
        }

        reader.ExpectEnd();
        return operators;
    }

    private static OperatorSnapshot ReadOperator(ref RecordReader reader)
    {
        byte[] keyed = reader.ReadBytes().ToArray();
        byte[] unkeyed = reader.ReadBytes().ToArray();
        long watermark = reader.ReadInt64();
        byte[] shape = reader.ReadBytes().ToArray();
        byte[][] values = new byte[reader.ReadCount(1)][];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadBytes().ToArray();
        }

        return new OperatorSnapshot(keyed)
        {
            Unkeyed = unkeyed,
            Watermark = watermark,
            Items = values.Length == 0 ? OperatorItems.None : new OperatorItems(shape, values),
        };
    }
}
