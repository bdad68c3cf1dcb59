using Millrace.Serialization.Shapes;

namespace Millrace.Serialization;

/// <summary>Shapes as bytes, to be stored beside the data they describe (docs/formats/records.md).</summary>
public static class ShapeCodec
{
    private const byte FormatVersion = 1;

    private const int NodeMinBytes = 6;
    private const int MemberMinBytes = 2;

    /// <summary>Appends a shape.</summary>
    public static void Write(RecordWriter writer, TypeShape shape)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(shape);

        // Shapes may contain themselves, so they are written as a table whose entries refer to each other by number.
        List<TypeShape> nodes = ShapeGraph.NodesOf(shape);
        Dictionary<TypeShape, int> numbers = new(ReferenceEqualityComparer.Instance);
        foreach (TypeShape node in nodes)
        {
            numbers.Add(node, numbers.Count);
        }

        writer.WriteByte(FormatVersion);
        writer.WriteCount(nodes.Count);
        foreach (TypeShape node in nodes)
        {
            WriteNode(writer, node, numbers);
        }
    }

    /// <summary>Reads a shape.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are no shape, or one of a later version.</exception>
    public static TypeShape Read(ref RecordReader reader)
    {
        byte version = reader.ReadByte();
        if (version != FormatVersion)
        {
            reader.ThrowCorrupted($"a shape of format version {version}; this release reads {FormatVersion}");
        }

        int count = reader.ReadCount(NodeMinBytes);
        if (count is 0 or > ShapeGraph.MaxNodes)
        {
            reader.ThrowCorrupted($"a shape of {count} parts; 1 to {ShapeGraph.MaxNodes} are possible");
        }

        ShapeTable table = new(count);
        for (int i = 0; i < count; i++)
        {
            ReadNode(ref reader, table, i);
        }

        return table.Link(ref reader);
    }

    private static void WriteNode(RecordWriter writer, TypeShape node, Dictionary<TypeShape, int> numbers)
    {
        writer.WriteByte((byte)node.Kind);
        writer.WriteString(node.Name);
        writer.WriteCount(node.Version);
        writer.WriteCount(node.Element is null ? 0 : numbers[node.Element] + 1);
        writer.WriteCount(node.Key is null ? 0 : numbers[node.Key] + 1);
        writer.WriteCount(node.Members.Count);
        foreach (ShapeMember member in node.Members)
        {
            writer.WriteString(member.Name);
            writer.WriteCount(numbers[member.Shape]);
        }
    }

    private static void ReadNode(ref RecordReader reader, ShapeTable table, int index)
    {
        byte kind = reader.ReadByte();
        string name = reader.ReadString() ?? "";
        uint version = reader.ReadVarUInt32();
        uint element = reader.ReadVarUInt32();
        uint key = reader.ReadVarUInt32();
        (string Name, uint Node)[] members = new (string, uint)[reader.ReadCount(MemberMinBytes)];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = (reader.ReadString() ?? "", reader.ReadVarUInt32());
        }

        table.Add(index, new ShapeTable.Entry((ShapeKind)kind, name, version, element, key, members));
    }
}
