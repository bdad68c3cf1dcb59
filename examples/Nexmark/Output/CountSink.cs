using Millrace.Connectors;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>Counts rows and drops them; the count is an accumulator of the job.</summary>
/// <typeparam name="TRow">The rows, or changes to them, of which each counts.</typeparam>
public sealed class CountSink<TRow> : Sink<TRow>
{
    /// <inheritdoc/>
    public override string Name => "Count";

    /// <inheritdoc/>
    public override ISinkWriter<TRow> CreateWriter(SinkWriterContext context) =>
        new Writer(context.Runtime.Counter(ResultNames.Rows));

    private sealed class Writer(LongCounter rows) : ISinkWriter<TRow>
    {
        public int Write(ReadOnlySpan<TRow> records)
        {
            rows.Add(records.Length);
            return records.Length;
        }

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
