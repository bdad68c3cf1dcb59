using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

/// <summary>Turns values of type <typeparamref name="T"/> into bytes and back.</summary>
/// <remarks>
/// <para>
/// Generated for most types. Derive from it for a type of which the generated form is refused or not wanted, and
/// register it with the environment. <see cref="Write"/> and <see cref="Read"/> are mirror images: reading consumes
/// exactly the bytes that writing produced, at least one, and nothing marks the end of a value. Null is a value like
/// any other when
/// <typeparamref name="T"/> is a reference type.
/// </para>
/// <para>One instance serves all subtasks of a job on a silo at the same time: keep no state that changes.</para>
/// </remarks>
/// <typeparam name="T">The type of the values; a value of a derived type is not one of them.</typeparam>
public abstract class TypeSerializer<T> : TypeSerializer
{
    private TypeShape? _shape;

    /// <inheritdoc/>
    public sealed override Type Type => typeof(T);

    /// <inheritdoc/>
    public sealed override bool HasReferences => RuntimeHelpers.IsReferenceOrContainsReferences<T>();

    /// <summary>The shape that is written. Default: opaque, named like the type, version 1.</summary>
    /// <remarks>A serializer of one's own that changes its format returns a higher version and overrides
    /// <see cref="ReaderOf"/> to read older ones.</remarks>
    public override TypeShape Shape => _shape ??= TypeShape.Opaque(typeof(T), version: 1);

    /// <summary>Appends one value.</summary>
    /// <exception cref="RecordRefusedException">This value cannot be written.</exception>
    public abstract void Write(RecordWriter writer, in T value);

    /// <summary>Reads one value.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are not what <see cref="Write"/> produces.</exception>
    public abstract T Read(ref RecordReader reader);

    /// <summary>Appends values one after the other: the same bytes as so many calls of <see cref="Write"/>.</summary>
    public virtual void WriteBatch(RecordWriter writer, ReadOnlySpan<T> values)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (int i = 0; i < values.Length; i++)
        {
            Write(writer, in values[i]);
        }
    }

    /// <summary>Reads as many values as <paramref name="destination"/> has room for.</summary>
    /// <remarks>When it throws, part of <paramref name="destination"/> may have been filled.</remarks>
    public virtual void ReadBatch(ref RecordReader reader, scoped Span<T> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Read(ref reader);
        }
    }

    /// <summary>A value equal to <paramref name="value"/> that shares nothing changeable with it.</summary>
    /// <remarks>By default by way of bytes, unless <see cref="TypeSerializer.IsImmutable"/>.</remarks>
    public virtual T Copy(T value)
    {
        if (IsImmutable)
        {
            return value;
        }

        using RecordWriter writer = new();
        Write(writer, in value);
        RecordReader reader = new(writer.WrittenSpan);
        return Read(ref reader);
    }

    /// <summary>A serializer that reads what was written with <paramref name="writtenWith"/>.</summary>
    /// <returns>This one when the shapes are the same; null when such data cannot be read.</returns>
    public virtual TypeSerializer<T>? ReaderOf(TypeShape writtenWith) => Shape.Equals(writtenWith) ? this : null;
}
