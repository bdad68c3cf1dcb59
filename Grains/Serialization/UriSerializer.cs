namespace Millrace.Serialization;

/// <summary>A URI as it was written, or null.</summary>
internal sealed class UriSerializer(TypeShape shape) : TypeSerializer<Uri?>
{
    public override TypeShape Shape => shape;

    public override bool IsImmutable => true;

    public override void Write(RecordWriter writer, in Uri? value) => writer.WriteString(value?.OriginalString);

    public override Uri? Read(ref RecordReader reader)
    {
        string? text = reader.ReadString();
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? uri))
        {
            reader.ThrowCorrupted("the text before is no URI");
        }

        return uri;
    }
}
