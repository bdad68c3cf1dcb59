using Millrace.Connectors;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>Counts rows and drops them; the count is an accumulator of the job.</summary>
/// <typeparam name="TRow">The rows, or changes to them, of which each counts.</typeparam>
public sealed class CountSink<TRow> : Sink<TRow>
{
    /// <inheritdoc/>
    public override string Name => "Count";

    /// <inheritdoc/>
    public override ISinkWriter<TRow> CreateWriter(SinkWriterContext context) => RestoreWriter(context, []);

    /// <inheritdoc/>
    public override ISinkWriter<TRow> RestoreWriter(SinkWriterContext context, IReadOnlyList<byte[]> states)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Writer(new ResultSums(context.Runtime, states, withHash: false));
    }

    private sealed class Writer(ResultSums sums) : ISinkWriter<TRow>
    {
        public int Write(ReadOnlySpan<TRow> records)
        {
            sums.Add(records.Length, hash: 0);
            return records.Length;
        }

        public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
            new(sums.Snapshot());

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
