using Millrace.Connectors;
using Millrace.DataStream;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>As <see cref="HashSink{TRow}"/>, of a result that is updated: adds what comes in and takes away what is
/// retracted, so that in the end both sums are those of the final rows.</summary>
/// <typeparam name="TRow">The rows.</typeparam>
public sealed class ChangeHashSink<TRow> : Sink<Change<TRow>>
    where TRow : IResultRow
{
    /// <inheritdoc/>
    public override string Name => "Hash";

    /// <inheritdoc/>
    public override ISinkWriter<Change<TRow>> CreateWriter(SinkWriterContext context) => RestoreWriter(context, []);

    /// <inheritdoc/>
    public override ISinkWriter<Change<TRow>> RestoreWriter(SinkWriterContext context, IReadOnlyList<byte[]> states)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Writer(new ResultSums(context.Runtime, states, withHash: true));
    }

    private sealed class Writer(ResultSums sums) : ISinkWriter<Change<TRow>>
    {
        private readonly RowText _text = new();

        public int Write(ReadOnlySpan<Change<TRow>> records)
        {
            long count = 0;
            long sum = 0;
            foreach (ref readonly Change<TRow> change in records)
            {
                int sign = change.IsRetraction ? -1 : 1;
                _text.Clear();
                change.Row.WriteTo(_text);
                count += sign;
                sum = unchecked(sum + (sign * (long)_text.Hash));
            }

            sums.Add(count, sum);
            return records.Length;
        }

        public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
            new(sums.Snapshot());

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
