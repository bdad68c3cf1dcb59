using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>Values that an operator keeps one by one, each of which may go to any of its subtasks.</summary>
/// <param name="Shape">The shape they were written with (docs/formats/records.md); empty where they are bytes to
/// everybody but the operator.</param>
/// <param name="Values">Each as bytes, in order.</param>
internal sealed record OperatorItems(byte[] Shape, IReadOnlyList<byte[]> Values)
{
    /// <summary>None at all.</summary>
    public static readonly OperatorItems None = new([], []);

    /// <summary>Values of a type.</summary>
    public static OperatorItems Of<T>(IReadOnlyList<T> values, TypeSerializer<T> serializer)
    {
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, serializer.Shape);
        byte[] shape = writer.WrittenSpan.ToArray();
        byte[][] items = new byte[values.Count][];
        for (int i = 0; i < items.Length; i++)
        {
            writer.Reset();
            serializer.Write(writer, values[i]);
            items[i] = writer.WrittenSpan.ToArray();
        }

        return new OperatorItems(shape, items);
    }

    /// <summary>The values, though they were written with an older shape of their type.</summary>
    /// <exception cref="IncompatibleShapeException">The present shape cannot take them over.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no such values.</exception>
    public IEnumerable<T> Read<T>(SerializerSet serializers)
    {
        if (Values.Count == 0)
        {
            return [];
        }

        var shape = new RecordReader(Shape);
        TypeSerializer<T> serializer = serializers.CreateReader<T>(ShapeCodec.Read(ref shape));
        T[] values = new T[Values.Count];
        for (int i = 0; i < values.Length; i++)
        {
            var reader = new RecordReader(Values[i]);
            values[i] = serializer.Read(ref reader);
            reader.ExpectEnd();
        }

        return values;
    }
}
