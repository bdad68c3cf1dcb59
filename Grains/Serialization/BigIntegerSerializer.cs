using System.Numerics;

namespace Millrace.Serialization;

/// <summary>An integer of any size: its shortest two's complement, low bytes first.</summary>
internal sealed class BigIntegerSerializer(TypeShape shape) : TypeSerializer<BigInteger>
{
    public override TypeShape Shape => shape;

    public override bool IsImmutable => true;

    public override void Write(RecordWriter writer, in BigInteger value)
    {
        int bytes = value.GetByteCount();
        writer.WriteCount(bytes);
        value.TryWriteBytes(writer.Reserve(bytes), out _);
    }

    public override BigInteger Read(ref RecordReader reader) => new(reader.ReadBytes());
}
