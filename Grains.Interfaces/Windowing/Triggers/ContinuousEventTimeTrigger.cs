using Millrace.State;

namespace Millrace.Windowing.Triggers;

/// <summary>Fires whenever the watermark has moved on by an interval while a window has records, and at the window's
/// end.</summary>
public sealed class ContinuousEventTimeTrigger : Trigger
{
    private static readonly ReducingStateDescriptor<long> NextFire = new("trigger-next-fire", Math.Min);

    private readonly long _interval;

    private ContinuousEventTimeTrigger(TimeSpan interval) =>
        _interval = WindowSpans.Length("The interval of a continuous trigger", interval);

    /// <inheritdoc/>
    public override bool CanMerge => true;

    /// <inheritdoc/>
    public override string Description => $"fires every {_interval} ms by event time";

    /// <summary>The trigger.</summary>
    /// <param name="interval">From 1 ms, in whole milliseconds.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">It is out of range.</exception>
    public static ContinuousEventTimeTrigger Of(TimeSpan interval) => new(interval);

    /// <inheritdoc/>
    public override TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (maxTimestamp <= context.CurrentWatermark)
        {
            return TriggerResult.Fire;
        }

        context.RegisterEventTimeTimer(maxTimestamp);
        if (!context.GetState(NextFire).HasValue)
        {
            Set(TimeWindow.StartOf(timestamp, 0, _interval), maxTimestamp, context);
        }

        return TriggerResult.Continue;
    }

    /// <inheritdoc/>
    public override TriggerResult OnEventTime(long time, long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (time == maxTimestamp)
        {
            return TriggerResult.Fire;
        }

        IReducingState<long> next = context.GetState(NextFire);
        if (!next.HasValue || next.Value != time)
        {
            return TriggerResult.Continue;
        }

        next.Clear();
        Set(time, maxTimestamp, context);
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
            context.RegisterEventTimeTimer(next.Value);
        }
    }

    /// <inheritdoc/>
    public override void Clear(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.DeleteEventTimeTimer(maxTimestamp);
        IReducingState<long> next = context.GetState(NextFire);
        if (next.HasValue)
        {
            context.DeleteEventTimeTimer(next.Value);
            next.Clear();
        }
    }

    // At the end of time there is nothing left to wait for but the end of the window.
    private void Set(long time, long maxTimestamp, TriggerContext context)
    {
        long next = context.CurrentWatermark == long.MaxValue || time > maxTimestamp - _interval
            ? maxTimestamp
            : time + _interval;
        context.GetState(NextFire).Add(next);
        context.RegisterEventTimeTimer(next);
    }
}
