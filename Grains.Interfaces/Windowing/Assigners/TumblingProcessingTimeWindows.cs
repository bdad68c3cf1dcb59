using Millrace.Functions;
using Millrace.Windowing.Triggers;

namespace Millrace.Windowing.Assigners;

/// <summary>Windows of one size, one behind the other, by the clock.</summary>
public sealed class TumblingProcessingTimeWindows : WindowAssigner<TimeWindow>
{
    private readonly TimeSlices _slices;

    private TumblingProcessingTimeWindows(TimeSpan size, TimeSpan offset)
    {
        long milliseconds = WindowSpans.Length("The size of tumbling windows", size);
        _slices = new TimeSlices(
            milliseconds, milliseconds, WindowSpans.Offset("The offset of tumbling windows", offset, milliseconds));
    }

    /// <inheritdoc/>
    public override bool IsEventTime => false;

    /// <inheritdoc/>
    public override Trigger DefaultTrigger => ProcessingTimeTrigger.Create();

    /// <inheritdoc/>
    public override string Description => $"tumbling {_slices.Size} ms from {_slices.Offset} by processing time";

    internal override TimeSlices? Slices => _slices;

    /// <summary>Windows that begin at whole multiples of their size since 1970-01-01 UTC, moved by an offset.</summary>
    /// <param name="size">From 1 ms, in whole milliseconds.</param>
    /// <param name="offset">Less than the size, in either direction; zero by default.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">One of them is out of range.</exception>
    public static TumblingProcessingTimeWindows Of(TimeSpan size, TimeSpan offset = default) => new(size, offset);

    /// <inheritdoc/>
    public override void AssignWindows(long timestamp, ICollector<TimeWindow> windows) =>
        _slices.AssignWindows(timestamp, windows);
}
