using Millrace.Functions;
using Millrace.Windowing.Triggers;

namespace Millrace.Windowing.Assigners;

/// <summary>An assigner that looks at time alone, for records of some type.</summary>
internal sealed class TimedAssigner<T, TWindow>(WindowAssigner<TWindow> assigner) : WindowAssigner<T, TWindow>
    where TWindow : struct, IWindow
{
    public override bool IsEventTime => assigner.IsEventTime;

    public override Trigger DefaultTrigger => assigner.DefaultTrigger;

    public override string Description => assigner.Description;

    public override bool IsMerging => assigner.IsMerging;

    internal override TimeSlices? Slices => assigner.Slices;

    internal override long Gap => assigner.Gap;

    public override void AssignWindows(T element, long timestamp, ICollector<TWindow> windows) =>
        assigner.AssignWindows(timestamp, windows);

    public override bool TryMerge(TWindow left, TWindow right, out TWindow merged) =>
        assigner.TryMerge(left, right, out merged);
}
