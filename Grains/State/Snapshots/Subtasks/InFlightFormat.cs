using Millrace.Serialization;

namespace Millrace.State.Snapshots.Subtasks;

/// <summary>Records that a cut has overtaken, as bytes (docs/formats/subtask-state.md). A writer begins with the number
/// of sections.</summary>
internal static class InFlightFormat
{
    // Id, input, a length and a count; then id, two numbers and a count.
    private const int SectionMinBytes = 4;
    private const int PartMinBytes = 4;

    /// <summary>Begins what is in flight to one input of an operator; its parts follow.</summary>
    public static void BeginSection(
        RecordWriter writer, string operatorId, int input, ReadOnlySpan<byte> shape, int parts)
    {
        writer.WriteString(operatorId);
        writer.WriteByte((byte)input);
        writer.WriteBytes(shape);
        writer.WriteCount(parts);
    }

    /// <summary>Begins what is in flight on one way; its blocks follow, each behind its length.</summary>
    public static void BeginPart(RecordWriter writer, string edge, int subtask, int subtasks, int blocks)
    {
        writer.WriteString(edge);
        writer.WriteCount(subtask);
        writer.WriteCount(subtasks);
        writer.WriteCount(blocks);
    }

    /// <summary>Reads all sections.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are something else.</exception>
    public static IReadOnlyList<InFlightSection> Read(ReadOnlySpan<byte> bytes)
    {
        RecordReader reader = new(bytes);
        InFlightSection[] sections = new InFlightSection[reader.ReadCount(SectionMinBytes)];
        for (int i = 0; i < sections.Length; i++)
        {
            string id = reader.ReadString() ?? "";
            byte input = reader.ReadByte();
            byte[] shape = reader.ReadBytes().ToArray();
            InFlightPart[] parts = new InFlightPart[reader.ReadCount(PartMinBytes)];
            for (int part = 0; part < parts.Length; part++)
            {
                parts[part] = ReadPart(ref reader);
            }

            sections[i] = new InFlightSection(id, input, shape, parts);
        }

        reader.ExpectEnd();
        return sections;
    }

    private static InFlightPart ReadPart(ref RecordReader reader)
    {
        string edge = reader.ReadString() ?? "";
        int subtask = (int)reader.ReadVarUInt32();
        int subtasks = (int)reader.ReadVarUInt32();
        if (subtask < 0 || subtask >= subtasks)
        {
            reader.ThrowCorrupted($"records in flight to or from subtask {subtask} of {subtasks}");
        }

        byte[][] blocks = new byte[reader.ReadCount(1)][];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = reader.ReadBytes().ToArray();
        }

        return new InFlightPart(edge, subtask, subtasks, blocks);
    }
}
