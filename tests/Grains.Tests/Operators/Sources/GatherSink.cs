using System.Collections.Concurrent;
using Millrace.Connectors;

namespace Millrace.Operators.Sources;

/// <summary>Keeps every record.</summary>
internal sealed class GatherSink<T>(ConcurrentQueue<T> records) : Sink<T>
{
    public override string Name => "Gather";

    public override ISinkWriter<T> CreateWriter(SinkWriterContext context) => new Writer(records);

    private sealed class Writer(ConcurrentQueue<T> gathered) : ISinkWriter<T>
    {
        public int Write(ReadOnlySpan<T> records)
        {
            foreach (T record in records)
            {
                gathered.Enqueue(record);
            }

            return records.Length;
        }

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
