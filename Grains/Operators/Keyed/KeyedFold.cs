using Millrace.Batches;

namespace Millrace.Operators.Keyed;

/// <summary>What rolling aggregates have in common, wherever they keep their accumulators.</summary>
internal static class KeyedFold
{
    /// <summary>Name of the state, in every checkpoint.</summary>
    public const string StateName = "accumulator";

    /// <summary>Gives results the times of their records.</summary>
    public static void CopyTimestamps<TIn, TOut>(RecordBatch<TIn> batch, int start, int count, Output<TOut> output)
    {
        if (!output.HasTimestamps)
        {
            return;
        }

        Span<long> timestamps = output.TimestampRoom()[..count];
        if (batch.Timestamps is long[] known)
        {
            known.AsSpan(start, count).CopyTo(timestamps);
            return;
        }

        timestamps.Fill(RecordBatch.NoTimestamp);
    }
}
