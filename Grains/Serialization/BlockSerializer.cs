using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Serialization;

/// <summary>Values whose bytes in memory are their bytes in a record: many are copied as one block.</summary>
/// <remarks>
/// Only where member by member would give the same bytes, without padding, and any bits are a valid value
/// (<see cref="Emission.BlockLayout"/>): the format depends neither on how memory is laid out nor on whether this is
/// used.
/// </remarks>
internal sealed class BlockSerializer<T>(TypeShape shape) : TypeSerializer<T>, IBlockSerializer
    where T : unmanaged
{
    public override TypeShape Shape => shape;

    public override bool IsImmutable => true;

    public override int MinBytes => shape.MinBytes;

    public override void Write(RecordWriter writer, in T value) =>
        Unsafe.WriteUnaligned(ref writer.Advance(Unsafe.SizeOf<T>()), value);

    public override T Read(ref RecordReader reader) =>
        Unsafe.ReadUnaligned<T>(in reader.Take(Unsafe.SizeOf<T>()));

    public override void WriteBatch(RecordWriter writer, ReadOnlySpan<T> values) =>
        writer.WriteRaw(MemoryMarshal.AsBytes(values));

    public override void ReadBatch(ref RecordReader reader, scoped Span<T> destination)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        reader.ReadRaw(bytes.Length).CopyTo(bytes);
    }

    public override T Copy(T value) => value;
}

/// <summary>A serializer of values whose bytes in memory are their bytes in a record.</summary>
internal interface IBlockSerializer;
