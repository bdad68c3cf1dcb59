namespace Millrace.Serialization;

/// <summary>Text or null.</summary>
internal sealed class StringSerializer(TypeShape shape) : TypeSerializer<string?>
{
    public override TypeShape Shape => shape;

    public override bool IsImmutable => true;

    public override void Write(RecordWriter writer, in string? value) => writer.WriteString(value);

    public override string? Read(ref RecordReader reader) => reader.ReadString();

    public override void WriteBatch(RecordWriter writer, ReadOnlySpan<string?> values)
    {
        foreach (string? value in values)
        {
            writer.WriteString(value);
        }
    }

    public override void ReadBatch(ref RecordReader reader, scoped Span<string?> destination)
    {
        foreach (ref string? value in destination)
        {
            value = reader.ReadString();
        }
    }

    public override string? Copy(string? value) => value;
}
