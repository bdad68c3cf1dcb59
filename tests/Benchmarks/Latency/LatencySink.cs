using Millrace.Connectors;

namespace Millrace.Latency;

/// <summary>Looks at the clock when records have come.</summary>
internal sealed class LatencySink(Latencies latencies) : Sink<PacedRecord>
{
    public override string Name => "Latency";

    public override ISinkWriter<PacedRecord> CreateWriter(SinkWriterContext context) => new Writer(latencies);

    private sealed class Writer(Latencies latencies) : ISinkWriter<PacedRecord>
    {
        public int Write(ReadOnlySpan<PacedRecord> records)
        {
            long now = TimeProvider.System.GetTimestamp();
            foreach (ref readonly PacedRecord record in records)
            {
                latencies.Add(now - record.Scheduled);
            }

            return records.Length;
        }

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
