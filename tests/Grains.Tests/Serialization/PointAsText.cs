using System.Globalization;

namespace Millrace.Serialization;

/// <summary>
/// A serializer as a program may write one; version 2 of it also reads the numbers that version 1 wrote.
/// </summary>
internal sealed class PointAsText(int version = 1) : TypeSerializer<Point>
{
    public override TypeShape Shape => TypeShape.Opaque(typeof(Point), version);

    public override bool IsImmutable => true;

    public override void Write(RecordWriter writer, in Point value)
    {
        if (version == 1)
        {
            writer.WriteVarInt32(value.X);
            writer.WriteVarInt32(value.Y);
            return;
        }

        writer.WriteString(string.Create(CultureInfo.InvariantCulture, $"{value.X};{value.Y}"));
    }

    public override Point Read(ref RecordReader reader)
    {
        if (version == 1)
        {
            return new Point(reader.ReadVarInt32(), reader.ReadVarInt32());
        }

        string[] parts = reader.ReadString()?.Split(';') ?? [];
        if (parts.Length != 2)
        {
            reader.ThrowCorrupted("no point");
        }

        return new Point(NumberOf(parts[0]), NumberOf(parts[1]));
    }

    public override TypeSerializer<Point>? ReaderOf(TypeShape writtenWith) => writtenWith switch
    {
        { Kind: ShapeKind.Opaque, Version: 1 } => new PointAsText(1),
        { Kind: ShapeKind.Opaque, Version: 2 } when version == 2 => this,
        _ => null,
    };

    private static int NumberOf(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
