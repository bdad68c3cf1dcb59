namespace Millrace.Connectors.Blackhole;

/// <summary>Takes records and drops them.</summary>
public sealed class DiscardSink<T> : Sink<T>
{
    /// <inheritdoc/>
    public override string Name => "Discard";

    /// <inheritdoc/>
    public override ISinkWriter<T> CreateWriter(SinkWriterContext context) => new Writer();

    private sealed class Writer : ISinkWriter<T>
    {
        public int Write(ReadOnlySpan<T> records) => records.Length;

        public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
            new(SinkWriterSnapshot.Empty);

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
