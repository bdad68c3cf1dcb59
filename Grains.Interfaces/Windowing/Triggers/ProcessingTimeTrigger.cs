namespace Millrace.Windowing.Triggers;

/// <summary>Fires when the clock passes the window's end.</summary>
public sealed class ProcessingTimeTrigger : Trigger
{
    private static readonly ProcessingTimeTrigger Instance = new();

    private ProcessingTimeTrigger()
    {
    }

    /// <inheritdoc/>
    public override bool CanMerge => true;

    /// <summary>The trigger.</summary>
    public static ProcessingTimeTrigger Create() => Instance;

    /// <inheritdoc/>
    public override TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.RegisterProcessingTimeTimer(maxTimestamp);
        return TriggerResult.Continue;
    }

    /// <inheritdoc/>
    public override TriggerResult OnProcessingTime(long time, long maxTimestamp, TriggerContext context) =>
        time == maxTimestamp ? TriggerResult.Fire : TriggerResult.Continue;

    /// <inheritdoc/>
    public override void OnMerge(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.RegisterProcessingTimeTimer(maxTimestamp);
    }

    /// <inheritdoc/>
    public override void Clear(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.DeleteProcessingTimeTimer(maxTimestamp);
    }
}
