namespace Millrace.EventTime;

/// <summary>Gives records their timestamps, a batch at a time.</summary>
internal abstract class TimestampAssigner<T>
{
    /// <summary>Replaces the timestamps of records.</summary>
    /// <param name="records">The records.</param>
    /// <param name="timestamps">Of each of them, what is known so far; then what the assigner says.</param>
    public abstract void Assign(ReadOnlySpan<T> records, Span<long> timestamps);
}

/// <summary>From the record alone.</summary>
internal sealed class RecordTimestampAssigner<T>(Func<T, long> assigner) : TimestampAssigner<T>
{
    public override void Assign(ReadOnlySpan<T> records, Span<long> timestamps)
    {
        Func<T, long> timestampOf = assigner;
        for (int i = 0; i < records.Length; i++)
        {
            timestamps[i] = timestampOf(records[i]);
        }
    }
}

/// <summary>From the record alone, as a point in time.</summary>
internal sealed class DateTimestampAssigner<T>(Func<T, DateTimeOffset> assigner) : TimestampAssigner<T>
{
    public override void Assign(ReadOnlySpan<T> records, Span<long> timestamps)
    {
        Func<T, DateTimeOffset> timeOf = assigner;
        for (int i = 0; i < records.Length; i++)
        {
            timestamps[i] = timeOf(records[i]).ToUnixTimeMilliseconds();
        }
    }
}

/// <summary>From the record and the timestamp it has already.</summary>
internal sealed class RecordedTimestampAssigner<T>(Func<T, long, long> assigner) : TimestampAssigner<T>
{
    public override void Assign(ReadOnlySpan<T> records, Span<long> timestamps)
    {
        Func<T, long, long> timestampOf = assigner;
        for (int i = 0; i < records.Length; i++)
        {
            timestamps[i] = timestampOf(records[i], timestamps[i]);
        }
    }
}
