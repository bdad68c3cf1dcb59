using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.OperatorStates;

/// <summary>How operator state is written and read (docs/formats/operator-state.md).</summary>
internal static class OperatorStateFormat
{
    private const ushort Version = 1;

    // Kind, name, a shape, counts.
    private const int StateMinBytes = 8;

    private static ReadOnlySpan<byte> Magic => "MILLOPER"u8;

    /// <summary>Appends the snapshot, one state after the other.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="states">The states of the program.</param>
    /// <param name="untouched">What was restored and nobody asked for: it is kept as it is.</param>
    /// <returns>Behind each state, the position of the output.</returns>
    public static IEnumerable<long> Write(
        SnapshotOutput output,
        IReadOnlyCollection<IFrozenOperatorState> states,
        IReadOnlyCollection<StoredOperatorState> untouched)
    {
        RecordWriter writer = output.Writer;
        using var elements = new RecordWriter();
        writer.WriteRaw(Magic);
        writer.WriteUInt16(Version);
        writer.WriteCount(states.Count + untouched.Count);
        foreach (IFrozenOperatorState state in states)
        {
            elements.Reset();
            state.Write(elements);
            WriteState(writer, state.Header, state.Elements, elements.WrittenSpan);
            yield return output.Position;
        }

        foreach (StoredOperatorState state in untouched)
        {
            WriteState(writer, state.Header, state.Elements, state.Bytes.Span);
            yield return output.Position;
        }
    }

    /// <summary>The states of a snapshot.</summary>
    /// <param name="snapshot">The bytes; they are kept.</param>
    /// <param name="subtask">Index of the subtask it is of.</param>
    /// <exception cref="RecordCorruptedException">The bytes are no snapshot.</exception>
    public static List<StoredOperatorState> Read(ReadOnlyMemory<byte> snapshot, int subtask)
    {
        RecordReader reader = new(snapshot.Span);
        if (!reader.ReadRaw(Magic.Length).SequenceEqual(Magic))
        {
            reader.ThrowCorrupted("a snapshot of operator state begins with MILLOPER");
        }

        ushort version = reader.ReadUInt16();
        if (version != Version)
        {
            reader.ThrowCorrupted($"operator state of format version {version}; this release reads {Version}");
        }

        int count = reader.ReadCount(StateMinBytes);
        List<StoredOperatorState> states = new(count);
        for (int i = 0; i < count; i++)
        {
            states.Add(ReadState(ref reader, snapshot, subtask));
        }

        reader.ExpectEnd();
        return states;
    }

    private static void WriteState(
        RecordWriter writer, OperatorStateHeader header, int elements, ReadOnlySpan<byte> bytes)
    {
        writer.WriteByte((byte)header.Kind);
        writer.WriteString(header.Name);
        if (header.Key is not null)
        {
            ShapeCodec.Write(writer, header.Key);
        }

        ShapeCodec.Write(writer, header.Value);
        writer.WriteCount(elements);
        writer.WriteBytes(bytes);
    }

    private static StoredOperatorState ReadState(
        ref RecordReader reader, ReadOnlyMemory<byte> snapshot, int subtask)
    {
        byte kind = reader.ReadByte();
        if (kind is 0 or > (byte)OperatorStateKind.Broadcast)
        {
            reader.ThrowCorrupted($"an operator state of kind {kind}");
        }

        string name = reader.ReadString() ?? "";
        TypeShape? key = kind == (byte)OperatorStateKind.Broadcast ? ShapeCodec.Read(ref reader) : null;
        TypeShape value = ShapeCodec.Read(ref reader);
        uint elements = reader.ReadVarUInt32();
        int length = reader.ReadBytes().Length;
        if (elements > (uint)length)
        {
            reader.ThrowCorrupted($"{elements} elements of operator state '{name}' in {length} bytes");
        }

        return new StoredOperatorState(
            new OperatorStateHeader((OperatorStateKind)kind, name, key, value),
            subtask,
            (int)elements,
            snapshot.Slice(reader.Position - length, length));
    }
}
