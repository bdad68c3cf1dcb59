namespace Millrace.EventTime;

/// <summary>Where the timestamps of a stream's records come from, and when its time moves on. Immutable: each method
/// gives another strategy.</summary>
/// <remarks>Timestamps and watermarks are milliseconds since 1970-01-01 UTC. A watermark promises that no record with
/// its timestamp or an earlier one follows; what breaks the promise is late.</remarks>
/// <typeparam name="T">Type of the records.</typeparam>
public sealed record WatermarkStrategy<T>
{
    internal WatermarkStrategy()
    {
    }

    /// <summary>Distance of the watermark behind the greatest timestamp; null where it does not follow that.</summary>
    internal long? DelayMilliseconds { get; init; }

    /// <summary>Creates a generator of the user, or null.</summary>
    internal Func<WatermarkGeneratorContext, IWatermarkGenerator<T>>? Generator { get; init; }

    /// <summary>Null where timestamps stay as the source, or an operator before, gave them.</summary>
    internal TimestampAssigner<T>? Assigner { get; init; }

    /// <summary>After which time without records nobody waits for this input any more, or null.</summary>
    internal TimeSpan? Idleness { get; init; }

    internal WatermarkAlignment? Alignment { get; init; }

    /// <summary>Takes each record's timestamp out of the record.</summary>
    /// <param name="assigner">Milliseconds since 1970-01-01 UTC.</param>
    public WatermarkStrategy<T> WithTimestampAssigner(Func<T, long> assigner)
    {
        ArgumentNullException.ThrowIfNull(assigner);
        return this with { Assigner = new RecordTimestampAssigner<T>(assigner) };
    }

    /// <summary>Takes each record's timestamp out of the record.</summary>
    /// <param name="assigner">The point in time; parts of a millisecond are cut off.</param>
    public WatermarkStrategy<T> WithTimestampAssigner(Func<T, DateTimeOffset> assigner)
    {
        ArgumentNullException.ThrowIfNull(assigner);
        return this with { Assigner = new DateTimestampAssigner<T>(assigner) };
    }

    /// <summary>Makes each record's timestamp of the record and the timestamp it has already.</summary>
    /// <param name="assigner">Takes the record and the timestamp that the source, or an operator before, gave it
    /// (<see cref="long.MinValue"/> for none); returns milliseconds since 1970-01-01 UTC.</param>
    public WatermarkStrategy<T> WithTimestampAssigner(Func<T, long, long> assigner)
    {
        ArgumentNullException.ThrowIfNull(assigner);
        return this with { Assigner = new RecordedTimestampAssigner<T>(assigner) };
    }

    /// <summary>Lets time go on elsewhere while nothing comes from here: a subtask or split without records for that
    /// long is idle, and is not waited for until it has records again.</summary>
    /// <param name="timeout">More than zero. The time during which the subtask was held back by those after it does not
    /// count.</param>
    public WatermarkStrategy<T> WithIdleness(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return this with { Idleness = timeout };
    }

    /// <summary>Lets a source wait while it is ahead of others, so that what joins them holds little of the one that is
    /// early. For the strategy of a source only.</summary>
    /// <remarks>A subtask reads on until its watermark is more than <paramref name="maxDrift"/> ahead of the least one
    /// of the group, and then waits for the next look at it. Subtasks that are idle, have no split or have ended are
    /// not waited for; one that reads and has given no watermark yet is. All splits of a subtask wait together. In
    /// batch mode nothing waits.</remarks>
    /// <param name="group">Name of the group: all subtasks of all sources of the job that give it wait for each
    /// other.</param>
    /// <param name="maxDrift">How far one may be ahead of the slowest, in event time; more than zero.</param>
    /// <param name="updateInterval">From one look at the others to the next one; from 1 ms to 10 minutes. Null for 1 s.
    /// Within it a source may get further ahead.</param>
    public WatermarkStrategy<T> WithWatermarkAlignment(
        string group, TimeSpan maxDrift, TimeSpan? updateInterval = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxDrift, TimeSpan.Zero);
        TimeSpan interval = updateInterval ?? WatermarkAlignment.DefaultInterval;
        ArgumentOutOfRangeException.ThrowIfLessThan(
            interval, WatermarkAlignment.LeastInterval, nameof(updateInterval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            interval, WatermarkAlignment.LongestInterval, nameof(updateInterval));
        return this with { Alignment = new WatermarkAlignment(group, maxDrift, interval) };
    }
}
