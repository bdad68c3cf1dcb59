namespace Millrace.Windowing.Triggers;

/// <summary>Never fires.</summary>
internal sealed class NeverTrigger : Trigger
{
    public static readonly NeverTrigger Instance = new();

    public override bool CanMerge => true;

    public override TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context) =>
        TriggerResult.Continue;
}
