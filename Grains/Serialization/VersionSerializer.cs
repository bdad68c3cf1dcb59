namespace Millrace.Serialization;

/// <summary>A version as text, or null.</summary>
internal sealed class VersionSerializer(TypeShape shape) : TypeSerializer<Version?>
{
    public override TypeShape Shape => shape;

    public override bool IsImmutable => true;

    public override void Write(RecordWriter writer, in Version? value) => writer.WriteString(value?.ToString());

    public override Version? Read(ref RecordReader reader)
    {
        string? text = reader.ReadString();
        if (text is null)
        {
            return null;
        }

        if (!Version.TryParse(text, out Version? version))
        {
            reader.ThrowCorrupted("the text before is no version");
        }

        return version;
    }
}
