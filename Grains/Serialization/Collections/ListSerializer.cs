using System.Runtime.InteropServices;

namespace Millrace.Serialization.Collections;

/// <summary>A list or null.</summary>
internal sealed class ListSerializer<T>(TypeShape shape, TypeSerializer<T> elements) : TypeSerializer<List<T>?>
{
    public override TypeShape Shape => shape;

    public override void Write(RecordWriter writer, in List<T>? value)
    {
        CollectionPrefix.Write(writer, value?.Count);
        elements.WriteBatch(writer, CollectionsMarshal.AsSpan(value));
    }

    public override List<T>? Read(ref RecordReader reader) => ReadElements(ref reader, elements);

    public override List<T>? Copy(List<T>? value) =>
        value is null ? null : CopyElements(CollectionsMarshal.AsSpan(value), elements);

    internal static List<T>? ReadElements(ref RecordReader reader, TypeSerializer<T> elements)
    {
        int count = CollectionPrefix.Read(ref reader, elements.MinBytes);
        if (count < 0)
        {
            return null;
        }

        List<T> list = [];
        int room = CollectionPrefix.FirstRoom<T>(count, elements.MinBytes);
        while (list.Count < count)
        {
            int read = list.Count;
            list.Capacity = room;
            CollectionsMarshal.SetCount(list, room);
            elements.ReadBatch(ref reader, CollectionsMarshal.AsSpan(list)[read..]);
            room = (int)Math.Min(count, 2L * room);
        }

        return list;
    }

    internal static List<T> CopyElements(ReadOnlySpan<T> source, TypeSerializer<T> elements)
    {
        List<T> copy = new(source.Length);
        copy.AddRange(source);
        if (!elements.IsImmutable)
        {
            foreach (ref T element in CollectionsMarshal.AsSpan(copy))
            {
                element = elements.Copy(element);
            }
        }

        return copy;
    }
}
