using Millrace.Batches;
using Millrace.Functions;

namespace Millrace.Operators.Outputs;

/// <summary>Gives each record a function emits the timestamp of the unit at work, where the edge carries
/// timestamps.</summary>
internal sealed class UnitCollector<T>(Output<T> output) : ICollector<T>
{
    private readonly bool _hasTimestamps = output.HasTimestamps;

    /// <summary>Timestamp of the record or timer at work.</summary>
    public long Timestamp { get; set; } = RecordBatch.NoTimestamp;

    public void Emit(T value)
    {
        if (!_hasTimestamps)
        {
            output.Emit(value);
            return;
        }

        output.Room()[0] = value;
        output.TimestampRoom()[0] = Timestamp;
        output.Advance(1);
    }
}
