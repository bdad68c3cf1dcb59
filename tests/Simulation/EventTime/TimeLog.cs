using Millrace.Connectors;

namespace Millrace.EventTime;

/// <summary>What reaches the subtasks of a sink: numbers that are their own timestamps, and watermarks. In one
/// thread.</summary>
internal sealed class TimeLog
{
    private readonly List<Writer> _writers = [];

    /// <summary>All records that were written.</summary>
    public IEnumerable<long> Records => _writers.SelectMany(writer => writer.Records);

    /// <summary>Number of records that were written.</summary>
    public int Count => _writers.Sum(writer => writer.Records.Count);

    /// <summary>What each subtask was told, in order.</summary>
    public IEnumerable<IReadOnlyList<long>> Watermarks => _writers.Select(writer => writer.Watermarks);

    /// <summary>Records that came behind a watermark that says they would not.</summary>
    public int Late => _writers.Sum(writer => writer.Late);

    /// <summary>The greatest watermark that any subtask was told.</summary>
    public long Latest => _writers.SelectMany(writer => writer.Watermarks).DefaultIfEmpty(long.MinValue).Max();

    /// <summary>A sink that writes into this log.</summary>
    public Sink<long> Sink() => new LogSink(this);

    private sealed class LogSink(TimeLog log) : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context)
        {
            var writer = new Writer();
            log._writers.Add(writer);
            return writer;
        }
    }

    private sealed class Writer : ISinkWriter<long>
    {
        public List<long> Records { get; } = [];

        public List<long> Watermarks { get; } = [];

        public int Late { get; private set; }

        public int Write(ReadOnlySpan<long> records)
        {
            foreach (long record in records)
            {
                Records.Add(record);
                Late += Watermarks.Count > 0 && record <= Watermarks[^1] ? 1 : 0;
            }

            return records.Length;
        }

        public void WriteWatermark(long timestamp) => Watermarks.Add(timestamp);

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
