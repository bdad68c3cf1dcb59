using Millrace.Batches;
using Millrace.Functions;

namespace Millrace.Operators;

/// <summary>Gives each record a function emits the timestamp of the record at work.</summary>
internal sealed class TimestampCollector<T>(Output<T> output) : ICollector<T>
{
    /// <summary>Timestamp of the record at work.</summary>
    public long Timestamp { get; set; } = RecordBatch.NoTimestamp;

    public void Emit(T value) => output.Emit(value, Timestamp);
}
