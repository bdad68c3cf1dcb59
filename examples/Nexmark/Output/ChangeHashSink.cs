using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;

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
    public override ISinkWriter<Change<TRow>> CreateWriter(SinkWriterContext context) =>
        new Writer(context.Runtime.Counter(ResultNames.Rows), context.Runtime.Counter(ResultNames.Hash));

    private sealed class Writer(LongCounter rows, LongCounter hash) : ISinkWriter<Change<TRow>>
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

            rows.Add(count);
            hash.Add(sum);
            return records.Length;
        }

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
