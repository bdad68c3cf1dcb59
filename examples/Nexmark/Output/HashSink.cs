using Millrace.Connectors;
using Millrace.Functions;

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
    public override ISinkWriter<TRow> CreateWriter(SinkWriterContext context) =>
        new Writer(context.Runtime.Counter(ResultNames.Rows), context.Runtime.Counter(ResultNames.Hash));

    private sealed class Writer(LongCounter rows, LongCounter hash) : ISinkWriter<TRow>
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

            rows.Add(records.Length);
            hash.Add(unchecked((long)sum));
            return records.Length;
        }

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
