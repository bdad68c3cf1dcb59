using Millrace.State;

namespace Millrace.Windowing.Triggers;

/// <summary>Fires whenever the clock has moved on by an interval while a window has records, and when it passes
/// the window's end.</summary>
public sealed class ContinuousProcessingTimeTrigger : Trigger
{
    private static readonly ReducingStateDescriptor<long> NextFire = new("trigger-next-fire", Math.Min);

    private readonly long _interval;

    private ContinuousProcessingTimeTrigger(TimeSpan interval) =>
        _interval = WindowSpans.Length("The interval of a continuous trigger", interval);

    /// <inheritdoc/>
    public override bool CanMerge => true;

    /// <inheritdoc/>
    public override string Description => $"fires every {_interval} ms by processing time";

    /// <summary>The trigger.</summary>
    /// <param name="interval">From 1 ms, in whole milliseconds.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">It is out of range.</exception>
    public static ContinuousProcessingTimeTrigger Of(TimeSpan interval) => new(interval);

    /// <inheritdoc/>
    public override TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.GetState(NextFire).HasValue)
        {
            Set(TimeWindow.StartOf(context.CurrentProcessingTime, 0, _interval), maxTimestamp, context);
        }

        return TriggerResult.Continue;
    }

    /// <inheritdoc/>
    public override TriggerResult OnProcessingTime(long time, long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReducingState<long> next = context.GetState(NextFire);
        if (!next.HasValue || next.Value != time)
        {
            return TriggerResult.Continue;
        }

        next.Clear();
        long now = Math.Max(time, context.CurrentProcessingTime);
        Set(TimeWindow.StartOf(now, 0, _interval), maxTimestamp, context);
        return TriggerResult.Fire;
    }

    /// <inheritdoc/>
    public override void OnMerge(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.MergeState(NextFire);
        IReducingState<long> next = context.GetState(NextFire);
        if (next.HasValue)
        {
            context.RegisterProcessingTimeTimer(next.Value);
        }
    }

    /// <inheritdoc/>
    public override void Clear(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReducingState<long> next = context.GetState(NextFire);
        if (next.HasValue)
        {
            context.DeleteProcessingTimeTimer(next.Value);
            next.Clear();
        }
    }

    // The end of a window by the clock comes in between; that of one by event time may be long past for the clock.
    private void Set(long time, long maxTimestamp, TriggerContext context)
    {
        long next = time + _interval;
        if (next > maxTimestamp && context.CurrentProcessingTime < maxTimestamp)
        {
            next = maxTimestamp;
        }

        context.GetState(NextFire).Add(next);
        context.RegisterProcessingTimeTimer(next);
    }
}
