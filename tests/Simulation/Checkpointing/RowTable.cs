using Millrace.Connectors;

namespace Millrace.Checkpointing;

/// <summary>What a sink without a committer has written: a row that comes again replaces itself. Shared by all attempts
/// of a job.</summary>
internal sealed class RowTable
{
    private readonly SortedSet<string> _rows = new(StringComparer.Ordinal);

    /// <summary>All rows.</summary>
    public IReadOnlyCollection<string> Rows => _rows;

    /// <summary>A sink that writes here.</summary>
    public Sink<string> Sink() => new TableSink(this);

    private sealed class TableSink(RowTable table) : Sink<string>
    {
        public override ISinkWriter<string> CreateWriter(SinkWriterContext context) => new Writer(table);
    }

    private sealed class Writer(RowTable table) : ISinkWriter<string>
    {
        public int Write(ReadOnlySpan<string> records)
        {
            table._rows.UnionWith(records.ToArray());
            return records.Length;
        }

        public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
            new(SinkWriterSnapshot.Empty);

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
