namespace Millrace.EventTime;

/// <summary>Begins a strategy for event time: where timestamps come from, and when time moves on.</summary>
/// <remarks>
/// <code>
/// WatermarkStrategy.ForBoundedOutOfOrderness&lt;Click&gt;(TimeSpan.FromSeconds(5))
///     .WithTimestampAssigner(click => click.Time)
///     .WithIdleness(TimeSpan.FromMinutes(1))
/// </code>
/// </remarks>
public static class WatermarkStrategy
{
    /// <summary>Records are late by no more than a known time: the watermark follows the greatest timestamp seen at
    /// that distance, and a millisecond more.</summary>
    /// <param name="maxOutOfOrderness">Not negative, at most 10,000 days; counted in whole milliseconds.</param>
    public static WatermarkStrategy<T> ForBoundedOutOfOrderness<T>(TimeSpan maxOutOfOrderness)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxOutOfOrderness, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxOutOfOrderness, TimeSpan.FromDays(10_000));
        return new WatermarkStrategy<T> { DelayMilliseconds = (long)Math.Ceiling(maxOutOfOrderness.TotalMilliseconds) };
    }

    /// <summary>Timestamps never go back within a split, or a subtask: as
    /// <see cref="ForBoundedOutOfOrderness{T}"/> with a time of zero.</summary>
    public static WatermarkStrategy<T> ForMonotonousTimestamps<T>() => ForBoundedOutOfOrderness<T>(TimeSpan.Zero);

    /// <summary>Records have timestamps, but time moves at the end of the input only.</summary>
    public static WatermarkStrategy<T> NoWatermarks<T>() => new();

    /// <summary>A generator of one's own says when time moves on.</summary>
    /// <param name="create">Called on the subtask's loop, once for each subtask, or for each split.</param>
    public static WatermarkStrategy<T> ForGenerator<T>(
        Func<WatermarkGeneratorContext, IWatermarkGenerator<T>> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new WatermarkStrategy<T> { Generator = create };
    }
}
