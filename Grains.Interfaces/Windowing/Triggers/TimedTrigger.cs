namespace Millrace.Windowing.Triggers;

/// <summary>A trigger that looks at time and number alone, for records and windows of some type.</summary>
internal sealed class TimedTrigger<T, TWindow>(Trigger trigger) : Trigger<T, TWindow>
    where TWindow : struct, IWindow
{
    public override bool CanMerge => trigger.CanMerge;

    public override string Description => trigger.Description;

    public override TriggerResult OnElement(T element, long timestamp, TWindow window, TriggerContext context) =>
        trigger.OnElement(timestamp, window.MaxTimestamp, context);

    public override TriggerResult OnEventTime(long time, TWindow window, TriggerContext context) =>
        trigger.OnEventTime(time, window.MaxTimestamp, context);

    public override TriggerResult OnProcessingTime(long time, TWindow window, TriggerContext context) =>
        trigger.OnProcessingTime(time, window.MaxTimestamp, context);

    public override void OnMerge(TWindow window, TriggerContext context) =>
        trigger.OnMerge(window.MaxTimestamp, context);

    public override void Clear(TWindow window, TriggerContext context) => trigger.Clear(window.MaxTimestamp, context);
}
