using Millrace.Functions;
using Millrace.Windowing.Triggers;

namespace Millrace.Windowing.Assigners;

/// <summary>Sessions with a gap that each record says.</summary>
internal sealed class DynamicSessionWindows<T> : WindowAssigner<T, TimeWindow>
{
    public DynamicSessionWindows(Func<T, TimeSpan> gapOf, bool isEventTime)
    {
        IsEventTime = isEventTime;
        GapOf = element => gapOf(element) is var gap && gap.Ticks >= TimeSpan.TicksPerMillisecond
            ? gap.Ticks / TimeSpan.TicksPerMillisecond
            : throw new InvalidOperationException(
                $"The gap of session windows is {gap} for a record: at least 1 ms is needed.");
    }

    public override bool IsEventTime { get; }

    public override Trigger DefaultTrigger => IsEventTime ? EventTimeTrigger.Create() : ProcessingTimeTrigger.Create();

    public override string Description => $"sessions with a gap by record by {(IsEventTime ? "event" : "clock")} time";

    public override bool IsMerging => true;

    internal override Func<T, long> GapOf { get; }

    public override void AssignWindows(T element, long timestamp, ICollector<TimeWindow> windows) =>
        windows.Emit(new TimeWindow(timestamp, timestamp + GapOf(element)));

    public override bool TryMerge(TimeWindow left, TimeWindow right, out TimeWindow merged) =>
        TimeWindow.TryMerge(left, right, out merged);
}
