using Millrace.Serialization;

namespace Millrace.Connectors.Collect;

/// <summary>Reads on the client what a <see cref="CollectSink{T}"/> sent.</summary>
public static class CollectedRecords
{
    /// <summary>Most bytes that are collected unless something else is asked for: 16 MB.</summary>
    public const int DefaultMaxBytes = 16 << 20;

    /// <summary>The records, in the order in which they were written.</summary>
    /// <param name="returned">The bytes the job returned under the sink's name.</param>
    /// <param name="serializers">What the job registered for types of its own choice.</param>
    /// <exception cref="RecordCorruptedException">The bytes are no such records.</exception>
    public static IReadOnlyList<T> Read<T>(IEnumerable<byte[]> returned, SerializerRegistrations? serializers = null)
    {
        ArgumentNullException.ThrowIfNull(returned);
        TypeSerializer<T> serializer = new SerializerSet(serializers).Get<T>();
        List<T> records = [];
        foreach (byte[] bytes in returned)
        {
            RecordReader reader = new(bytes);
            while (reader.Remaining > 0)
            {
                records.Add(serializer.Read(ref reader));
            }
        }

        return records;
    }
}
