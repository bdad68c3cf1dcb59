using Millrace.Checkpointing;
using Millrace.Serialization;

namespace Millrace.Jobs.Coordination;

/// <summary>Splits that were on their way to readers at the cut of a checkpoint, for a program whose splits may have
/// changed their type since: the job's side hands them out as bytes, to readers that know the present type
/// alone.</summary>
internal static class ReturnedSplits
{
    /// <summary>The shape of a type of splits, to be kept with them.</summary>
    public static byte[] ShapeOf<TSplit>(TypeSerializer<TSplit> serializer)
    {
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, serializer.Shape);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The splits as the present type is written.</summary>
    /// <param name="from">They, with the shape they were written with.</param>
    /// <param name="serializers">Of the job.</param>
    /// <exception cref="IncompatibleShapeException">The present type cannot take them over.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no such splits.</exception>
    public static IReadOnlyList<byte[]> As<TSplit>(SourceState from, SerializerSet serializers)
    {
        if (from.Shape is not { } written)
        {
            return from.Returned;
        }

        var shape = new RecordReader(written);
        TypeSerializer<TSplit> former = serializers.CreateReader<TSplit>(ShapeCodec.Read(ref shape));
        TypeSerializer<TSplit> present = serializers.Get<TSplit>();
        using RecordWriter writer = new();
        List<byte[]> splits = [];
        foreach (byte[] bytes in from.Returned)
        {
            var reader = new RecordReader(bytes);
            TSplit split = former.Read(ref reader);
            reader.ExpectEnd();
            writer.Reset();
            present.Write(writer, in split);
            splits.Add(writer.WrittenSpan.ToArray());
        }

        return splits;
    }
}
