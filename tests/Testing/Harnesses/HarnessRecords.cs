using Millrace.Batches;
using Millrace.Operators;

namespace Millrace.Harnesses;

/// <summary>Reads what came out.</summary>
internal static class HarnessRecords
{
    /// <summary>The records of an output with their times.</summary>
    public static IReadOnlyList<HarnessRecord<T>> Of<T>(TestOutput<T> output) =>
    [
        .. output.Records.Zip(
            output.Timestamps,
            (value, time) => new HarnessRecord<T>(value, time == RecordBatch.NoTimestamp ? null : time)),
    ];
}
