namespace Millrace.Serialization;

/// <summary>Values of one type as bytes that a later release can read: their shape, their number, and each of
/// them.</summary>
internal static class ShapedValues
{
    /// <summary>Writes values.</summary>
    public static byte[] Write<T>(IReadOnlyCollection<T> values, SerializerSet serializers)
    {
        TypeSerializer<T> serializer = serializers.Get<T>();
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, serializer.Shape);
        writer.WriteCount(values.Count);
        foreach (T value in values)
        {
            serializer.Write(writer, in value);
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads values, though they were written with an older shape.</summary>
    /// <exception cref="IncompatibleShapeException">The present shape cannot take them over.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no such values.</exception>
    public static T[] Read<T>(byte[] bytes, SerializerSet serializers)
    {
        RecordReader reader = new(bytes);
        TypeSerializer<T> serializer = serializers.CreateReader<T>(ShapeCodec.Read(ref reader));
        T[] values = new T[reader.ReadCount(serializer.MinBytes)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = serializer.Read(ref reader);
        }

        reader.ExpectEnd();
        return values;
    }
}
