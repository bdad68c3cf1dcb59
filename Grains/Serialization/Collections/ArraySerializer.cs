namespace Millrace.Serialization.Collections;

/// <summary>An array or null: the number of elements plus one, then the elements.</summary>
internal sealed class ArraySerializer<T>(TypeShape shape, TypeSerializer<T> elements) : TypeSerializer<T[]?>
{
    public override TypeShape Shape => shape;

    public override void Write(RecordWriter writer, in T[]? value)
    {
        CollectionPrefix.Write(writer, value?.Length);
        elements.WriteBatch(writer, value);
    }

    public override T[]? Read(ref RecordReader reader) => ReadElements(ref reader, elements);

    public override T[]? Copy(T[]? value) => value is null ? null : CopyElements(value, elements);

    /// <returns>The elements; null when null was written.</returns>
    internal static T[]? ReadElements(ref RecordReader reader, TypeSerializer<T> elements)
    {
        int count = CollectionPrefix.Read(ref reader, elements.MinBytes);
        if (count <= 0)
        {
            return count < 0 ? null : [];
        }

        T[] array = new T[CollectionPrefix.FirstRoom<T>(count, elements.MinBytes)];
        elements.ReadBatch(ref reader, array);
        while (array.Length < count)
        {
            int read = array.Length;
            Array.Resize(ref array, (int)Math.Min(count, 2L * read));
            elements.ReadBatch(ref reader, array.AsSpan(read));
        }

        return array;
    }

    internal static T[] CopyElements(ReadOnlySpan<T> source, TypeSerializer<T> elements)
    {
        T[] copy = source.ToArray();
        if (!elements.IsImmutable)
        {
            foreach (ref T element in copy.AsSpan())
            {
                element = elements.Copy(element);
            }
        }

        return copy;
    }
}
