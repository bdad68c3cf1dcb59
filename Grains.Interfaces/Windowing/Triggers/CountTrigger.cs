using Millrace.State;

namespace Millrace.Windowing.Triggers;

/// <summary>Fires when a window has got a number of records since it fired last.</summary>
public sealed class CountTrigger : Trigger
{
    private static readonly ReducingStateDescriptor<long> Counted = new("trigger-count", (left, right) => left + right);

    private readonly long _count;

    private CountTrigger(long count) => _count = WindowSpans.Count("The number of records of a count trigger", count);

    /// <inheritdoc/>
    public override bool CanMerge => true;

    /// <inheritdoc/>
    public override string Description => $"fires every {_count} records";

    /// <summary>The trigger.</summary>
    /// <param name="count">From 1.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">It is less.</exception>
    public static CountTrigger Of(long count) => new(count);

    /// <inheritdoc/>
    public override TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReducingState<long> counted = context.GetState(Counted);
        counted.Add(1);
        return FireIfFull(counted);
    }

    /// <inheritdoc/>
    public override void OnMerge(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.MergeState(Counted);
    }

    /// <inheritdoc/>
    public override void Clear(long maxTimestamp, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.GetState(Counted).Clear();
    }

    private TriggerResult FireIfFull(IReducingState<long> counted)
    {
        if (counted.Value < _count)
        {
            return TriggerResult.Continue;
        }

        counted.Clear();
        return TriggerResult.Fire;
    }
}
