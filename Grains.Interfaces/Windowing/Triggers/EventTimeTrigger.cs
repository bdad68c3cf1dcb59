namespace Millrace.Windowing.Triggers;

/// <summary>Fires when the watermark passes the window's end, and then again for each late record that is
/// allowed.</summary>
public sealed class EventTimeTrigger : Trigger
{
    private static readonly EventTimeTrigger Instance = new();

    private EventTimeTrigger()
    {
    }

    /// <inheritdoc/>
    public override bool CanMerge => true;

    /// <summary>The trigger.</summary>
    public static EventTimeTrigger Create() => Instance;

    /// <inheritdoc/>
    public override TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (maxTimestamp <= context.CurrentWatermark)
        {
            return TriggerResult.Fire;
        }

        context.RegisterEventTimeTimer(maxTimestamp);
        return TriggerResult.Continue;
    }

    /// <inheritdoc/>
    public override TriggerResult OnEventTime(long time, long maxTimestamp, TriggerContext context) =>
        time == maxTimestamp ? TriggerResult.Fire : TriggerResult.Continue;

    /// <inheritdoc/>
    public override void OnMerge(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (maxTimestamp > context.CurrentWatermark)
        {
            context.RegisterEventTimeTimer(maxTimestamp);
        }
    }

    /// <inheritdoc/>
    public override void Clear(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.DeleteEventTimeTimer(maxTimestamp);
    }
}
