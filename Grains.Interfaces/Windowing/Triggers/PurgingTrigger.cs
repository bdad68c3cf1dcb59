namespace Millrace.Windowing.Triggers;

/// <summary>As another trigger, but a window that fires forgets its records.</summary>
public sealed class PurgingTrigger : Trigger
{
    private readonly Trigger _trigger;

    private PurgingTrigger(Trigger trigger) => _trigger = trigger;

    /// <inheritdoc/>
    public override bool CanMerge => _trigger.CanMerge;

    /// <inheritdoc/>
    public override string Description => $"{_trigger.Description}, purging";

    /// <summary>The trigger.</summary>
    /// <param name="trigger">Says when windows fire.</param>
    public static PurgingTrigger Of(Trigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        return new PurgingTrigger(trigger);
    }

    /// <summary>The trigger.</summary>
    /// <param name="trigger">Says when windows fire.</param>
    public static Trigger<T, TWindow> Of<T, TWindow>(Trigger<T, TWindow> trigger)
        where TWindow : struct, IWindow
    {
        ArgumentNullException.ThrowIfNull(trigger);
        return new PurgingTrigger<T, TWindow>(trigger);
    }

    /// <inheritdoc/>
    public override TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context) =>
        Purged(_trigger.OnElement(timestamp, maxTimestamp, context));

    /// <inheritdoc/>
    public override TriggerResult OnEventTime(long time, long maxTimestamp, TriggerContext context) =>
        Purged(_trigger.OnEventTime(time, maxTimestamp, context));

    /// <inheritdoc/>
    public override TriggerResult OnProcessingTime(long time, long maxTimestamp, TriggerContext context) =>
        Purged(_trigger.OnProcessingTime(time, maxTimestamp, context));

    /// <inheritdoc/>
    public override void OnMerge(long maxTimestamp, TriggerContext context) => _trigger.OnMerge(maxTimestamp, context);

    /// <inheritdoc/>
    public override void Clear(long maxTimestamp, TriggerContext context) => _trigger.Clear(maxTimestamp, context);

    internal static TriggerResult Purged(TriggerResult result) =>
        (result & TriggerResult.Fire) != 0 ? TriggerResult.FireAndPurge : result;
}

/// <summary>As another trigger, but a window that fires forgets its records.</summary>
internal sealed class PurgingTrigger<T, TWindow>(Trigger<T, TWindow> trigger) : Trigger<T, TWindow>
    where TWindow : struct, IWindow
{
    public override bool CanMerge => trigger.CanMerge;

    public override string Description => $"{trigger.Description}, purging";

    public override TriggerResult OnElement(T element, long timestamp, TWindow window, TriggerContext context) =>
        PurgingTrigger.Purged(trigger.OnElement(element, timestamp, window, context));

    public override TriggerResult OnEventTime(long time, TWindow window, TriggerContext context) =>
        PurgingTrigger.Purged(trigger.OnEventTime(time, window, context));

    public override TriggerResult OnProcessingTime(long time, TWindow window, TriggerContext context) =>
        PurgingTrigger.Purged(trigger.OnProcessingTime(time, window, context));

    public override void OnMerge(TWindow window, TriggerContext context) => trigger.OnMerge(window, context);

    public override void Clear(TWindow window, TriggerContext context) => trigger.Clear(window, context);
}
