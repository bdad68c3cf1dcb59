using Millrace.Serialization;

namespace Millrace.Connectors.Collect;

/// <summary>Keeps records as bytes until the end of the input.</summary>
internal sealed class CollectWriter<T>(
    string name, int maxBytes, TypeSerializer<T> serializer, SinkWriterContext context) : ISinkWriter<T>
{
    // Between two looks at the limit, so that a batch of large records cannot go far beyond it.
    private const int RecordsAtOnce = 16;

    private readonly RecordWriter _bytes = new();

    public int Write(ReadOnlySpan<T> records)
    {
        for (int taken = 0; taken < records.Length; taken += RecordsAtOnce)
        {
            serializer.WriteBatch(_bytes, records[taken..Math.Min(taken + RecordsAtOnce, records.Length)]);
            if (_bytes.Length > maxBytes)
            {
                throw new CollectLimitException(name, maxBytes);
            }
        }

        return records.Length;
    }

    public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken)
    {
        context.ReturnToClient(name, _bytes.WrittenSpan.ToArray());
        return new([]);
    }

    public ValueTask DisposeAsync()
    {
        _bytes.Dispose();
        return ValueTask.CompletedTask;
    }
}
