using Millrace.Connectors;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>Counts rows and adds up their hashes, so that neither their order nor the number of subtasks matters; both
/// sums are accumulators of the job.</summary>
/// <typeparam name="TRow">The rows.</typeparam>
public sealed class HashSink<TRow> : Sink<TRow>
    where TRow : IResultRow
{
    /// <inheritdoc/>
    public override string Name => "Hash";

    /// <inheritdoc/>
    public override ISinkWriter<TRow> CreateWriter(SinkWriterContext context) => RestoreWriter(context, []);

    /// <inheritdoc/>
    public override ISinkWriter<TRow> RestoreWriter(SinkWriterContext context, IReadOnlyList<byte[]> states)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Writer(new ResultSums(context.Runtime, states, withHash: true));
    }

    private sealed class Writer(ResultSums sums) : ISinkWriter<TRow>
    {
        private readonly RowText _text = new();

        public int Write(ReadOnlySpan<TRow> records)
        {
            ulong sum = 0;
            foreach (ref readonly TRow record in records)
            {
                _text.Clear();
                record.WriteTo(_text);
                sum = unchecked(sum + _text.Hash);
            }

            sums.Add(records.Length, unchecked((long)sum));
            return records.Length;
        }

        public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
            new(sums.Snapshot());

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
