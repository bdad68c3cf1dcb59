using Millrace.Functions;
using Millrace.Windowing.Triggers;

namespace Millrace.Windowing.Assigners;

/// <summary>A window for each session: it ends when no record of the key has come for the length of a gap, by
/// the timestamps of records. A record just one gap after another still belongs to its session.</summary>
public sealed class EventTimeSessionWindows : WindowAssigner<TimeWindow>
{
    private readonly long _gap;

    private EventTimeSessionWindows(TimeSpan gap) => _gap = WindowSpans.Length("The gap of session windows", gap);

    /// <inheritdoc/>
    public override bool IsEventTime => true;

    /// <inheritdoc/>
    public override Trigger DefaultTrigger => EventTimeTrigger.Create();

    /// <inheritdoc/>
    public override string Description => $"sessions with a gap of {_gap} ms by event time";

    /// <inheritdoc/>
    public override bool IsMerging => true;

    internal override long Gap => _gap;

    /// <summary>Sessions with the same gap after all records.</summary>
    /// <param name="gap">From 1 ms, in whole milliseconds.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">It is out of range.</exception>
    public static EventTimeSessionWindows WithGap(TimeSpan gap) => new(gap);

    /// <summary>Sessions with a gap that each record says.</summary>
    /// <param name="gapOf">The gap after a record: from 1 ms, in whole milliseconds.</param>
    public static WindowAssigner<T, TimeWindow> WithDynamicGap<T>(Func<T, TimeSpan> gapOf)
    {
        ArgumentNullException.ThrowIfNull(gapOf);
        return new DynamicSessionWindows<T>(gapOf, isEventTime: true);
    }

    /// <inheritdoc/>
    public override void AssignWindows(long timestamp, ICollector<TimeWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        windows.Emit(new TimeWindow(timestamp, timestamp + _gap));
    }

    /// <inheritdoc/>
    public override bool TryMerge(TimeWindow left, TimeWindow right, out TimeWindow merged) =>
        TimeWindow.TryMerge(left, right, out merged);
}
