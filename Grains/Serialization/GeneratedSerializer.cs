using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Serialization;

/// <summary>A serializer whose methods were generated for its type.</summary>
/// <remarks>Exists before its methods do, since the serializers of a recursive type refer to each other.</remarks>
/// <param name="shape">The present shape.</param>
/// <param name="isImmutable">Whether values never change.</param>
/// <param name="minBytes">Fewest bytes of a value that is read.</param>
/// <param name="leavesGaps">Whether reading may leave members as they are.</param>
/// <typeparam name="T">The type.</typeparam>
internal sealed class GeneratedSerializer<T>(TypeShape shape, bool isImmutable, int minBytes, bool leavesGaps)
    : TypeSerializer<T>
{
    private WriteOne _write = null!;
    private WriteMany _writeMany = null!;
    private ReadOne _read = null!;
    private ReadMany _readMany = null!;
    private CopyOne _copy = null!;

    /// <summary>Writes the value at an address.</summary>
    internal delegate void WriteOne(RecordWriter writer, ref T value);

    /// <summary>Writes values that stand one after the other.</summary>
    internal delegate void WriteMany(RecordWriter writer, ref T first, int count);

    /// <summary>Reads a value to an address, where the default stands.</summary>
    internal delegate void ReadOne(ref RecordReader reader, ref T destination);

    /// <summary>Reads values to neighbouring places.</summary>
    internal delegate void ReadMany(ref RecordReader reader, ref T first, int count);

    /// <summary>Copies a value to an address, where the default stands.</summary>
    internal delegate void CopyOne(ref T source, ref T destination);

    public override TypeShape Shape => shape;

    public override bool IsImmutable => isImmutable;

    public override int MinBytes => minBytes;

    public void Bind(WriteOne write, WriteMany writeMany, ReadOne read, ReadMany readMany, CopyOne copy) =>
        (_write, _writeMany, _read, _readMany, _copy) = (write, writeMany, read, readMany, copy);

    public override void Write(RecordWriter writer, in T value) => _write(writer, ref Unsafe.AsRef(in value));

    public override void WriteBatch(RecordWriter writer, ReadOnlySpan<T> values) =>
        _writeMany(writer, ref MemoryMarshal.GetReference(values), values.Length);

    public override T Read(ref RecordReader reader)
    {
        T value = default!;
        _read(ref reader, ref value);
        return value;
    }

    public override void ReadBatch(ref RecordReader reader, scoped Span<T> destination)
    {
        if (leavesGaps)
        {
            // Members that the data lacks or that are left out stay as they are: let that be their default.
            destination.Clear();
        }

        _readMany(ref reader, ref MemoryMarshal.GetReference(destination), destination.Length);
    }

    public override T Copy(T value)
    {
        if (isImmutable)
        {
            return value;
        }

        T copy = default!;
        _copy(ref value, ref copy);
        return copy;
    }
}
