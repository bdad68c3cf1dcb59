using Millrace.Serialization;

namespace Millrace.Connectors.Collect;

/// <summary>Keeps records as bytes until the end of the input.</summary>
internal sealed class CollectWriter<T> : ISinkWriter<T>
{
    // Between two looks at the limit, so that a batch of large records cannot go far beyond it.
    private const int RecordsAtOnce = 16;

    private readonly RecordWriter _bytes = new();
    private readonly string _name;
    private readonly int _maxBytes;
    private readonly TypeSerializer<T> _serializer;
    private readonly SinkWriterContext _context;

    /// <param name="name">The name the client asks for.</param>
    /// <param name="maxBytes">Most bytes.</param>
    /// <param name="serializer">Of the records.</param>
    /// <param name="context">What it may use.</param>
    /// <param name="states">Records that were written before a checkpoint, as bytes.</param>
    public CollectWriter(
        string name,
        int maxBytes,
        TypeSerializer<T> serializer,
        SinkWriterContext context,
        IReadOnlyList<byte[]> states)
    {
        _name = name;
        _maxBytes = maxBytes;
        _serializer = serializer;
        _context = context;
        foreach (byte[] state in states)
        {
            _bytes.WriteRaw(state);
        }
    }

    public int Write(ReadOnlySpan<T> records)
    {
        for (int taken = 0; taken < records.Length; taken += RecordsAtOnce)
        {
            _serializer.WriteBatch(_bytes, records[taken..Math.Min(taken + RecordsAtOnce, records.Length)]);
            if (_bytes.Length > _maxBytes)
            {
                throw new CollectLimitException(_name, _maxBytes);
            }
        }

        return records.Length;
    }

    public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
        new(new SinkWriterSnapshot([_bytes.WrittenSpan.ToArray()], []));

    public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken)
    {
        _context.ReturnToClient(_name, _bytes.WrittenSpan.ToArray());
        return new([]);
    }

    public ValueTask DisposeAsync()
    {
        _bytes.Dispose();
        return ValueTask.CompletedTask;
    }
}
