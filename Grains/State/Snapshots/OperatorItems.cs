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

    /// <summary>The splits of a source.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="serializers">Of the job.</param>
    /// <exception cref="IncompatibleStateException">They cannot be read as such, or are something else.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no such values.</exception>
    public IEnumerable<TSplit> ReadSplits<TSplit>(string source, SerializerSet serializers)
    {
        if (IsOfWriters)
        {
            throw new IncompatibleStateException(
                $"What was saved for source '{source}' are the states of a sink's writers: give it another uid.");
        }

        try
        {
            return Read<TSplit>(serializers);
        }
        catch (IncompatibleShapeException exception)
        {
            throw new IncompatibleStateException(
                $"Splits of source '{source}' were saved with other types than the program has: {exception.Message}",
                exception);
        }
    }

    /// <summary>The states of a sink's writers.</summary>
    /// <param name="sink">Its name.</param>
    /// <exception cref="IncompatibleStateException">They are something else.</exception>
    public IReadOnlyList<byte[]> ReadWriterStates(string sink) => Values.Count == 0 || IsOfWriters
        ? Values
        : throw new IncompatibleStateException(
            $"What was saved for sink '{sink}' are the splits of a source: give it another uid.");

    /// <summary>Whether they are states of a sink's writers, and no splits of a source.</summary>
    public bool IsOfWriters => Values.Count > 0 && Shape.Length == 0;

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
