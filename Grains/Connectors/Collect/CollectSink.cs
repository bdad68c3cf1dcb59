using Millrace.Serialization;

namespace Millrace.Connectors.Collect;

/// <summary>Sends records to the client, as part of the job's result.</summary>
/// <remarks>For small results: all of it is held in memory, by one subtask, by the job and by the client. Read it with
/// <see cref="CollectedRecords"/>.</remarks>
/// <typeparam name="T">Type of the records.</typeparam>
public sealed class CollectSink<T> : Sink<T>
{
    private readonly string _name;
    private readonly int _maxBytes;
    private readonly SerializerRegistrations? _serializers;

    /// <summary>A sink under a name.</summary>
    /// <param name="name">The name the client asks for; unique in the job.</param>
    /// <param name="maxBytes">Most bytes of all records together, once serialized; 1 byte to 1 GB.</param>
    /// <param name="serializers">What the job registered for types of its own choice.</param>
    public CollectSink(
        string name, int maxBytes = CollectedRecords.DefaultMaxBytes, SerializerRegistrations? serializers = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, 1 << 30);
        _name = name;
        _maxBytes = maxBytes;
        _serializers = serializers;
    }

    /// <inheritdoc/>
    public override string Name => $"Collect '{_name}'";

    /// <summary>One subtask, so that the limit is one for all records.</summary>
    public override int? MaxParallelism => 1;

    /// <inheritdoc/>
    public override ISinkWriter<T> CreateWriter(SinkWriterContext context) =>
        RestoreWriter(context, []);

    /// <inheritdoc/>
    public override ISinkWriter<T> RestoreWriter(SinkWriterContext context, IReadOnlyList<byte[]> states) =>
        new CollectWriter<T>(_name, _maxBytes, new SerializerSet(_serializers).Get<T>(), context, states);
}
