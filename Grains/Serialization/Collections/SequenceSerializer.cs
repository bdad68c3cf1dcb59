namespace Millrace.Serialization.Collections;

/// <summary>A collection in order that is read by way of an array.</summary>
/// <typeparam name="TCollection">The collection.</typeparam>
/// <typeparam name="T">Its elements.</typeparam>
internal abstract class SequenceSerializer<TCollection, T>(TypeShape shape, TypeSerializer<T> elements)
    : TypeSerializer<TCollection?>
{
    public sealed override TypeShape Shape => shape;

    protected TypeSerializer<T> Elements => elements;

    public sealed override void Write(RecordWriter writer, in TCollection? value)
    {
        if (IsNull(value))
        {
            CollectionPrefix.Write(writer, null);
            return;
        }

        ReadOnlySpan<T> span = ElementsOf(value!);
        CollectionPrefix.Write(writer, span.Length);
        elements.WriteBatch(writer, span);
    }

    public sealed override TCollection? Read(ref RecordReader reader)
    {
        T[]? array = ArraySerializer<T>.ReadElements(ref reader, elements);
        return array is null ? default : Make(array);
    }

    public sealed override TCollection? Copy(TCollection? value) =>
        IsImmutable || IsNull(value) ? value : Make(ArraySerializer<T>.CopyElements(ElementsOf(value!), elements));

    /// <summary>True for what is written as null and read back as the default.</summary>
    protected virtual bool IsNull(TCollection? value) => value is null;

    /// <summary>The elements in the order in which they are written.</summary>
    protected abstract ReadOnlySpan<T> ElementsOf(TCollection value);

    /// <summary>A collection of elements in the order in which they were written; the array may be kept.</summary>
    protected abstract TCollection Make(T[] elements);
}
