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

    /// <summary>Asks that a source waits when it is ahead of others. Not supported yet: a program that asks for it is
    /// refused.</summary>
    /// <param name="group">The sources that wait for each other.</param>
    /// <param name="maxDrift">How far one may be ahead of the slowest, in event time; more than zero.</param>
    public WatermarkStrategy<T> WithWatermarkAlignment(string group, TimeSpan maxDrift)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxDrift, TimeSpan.Zero);
        return this with { Alignment = new WatermarkAlignment(group, maxDrift) };
    }
}
