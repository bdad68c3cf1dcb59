using Millrace.Functions;
using Millrace.Windowing.Triggers;

namespace Millrace.Windowing.Assigners;

/// <summary>Windows of one size that begin at regular times and may overlap, by the timestamps of records.</summary>
public sealed class SlidingEventTimeWindows : WindowAssigner<TimeWindow>
{
    private readonly TimeSlices _slices;

    private SlidingEventTimeWindows(TimeSpan size, TimeSpan slide, TimeSpan offset) =>
        _slices = WindowSpans.Sliding(size, slide, offset);

    /// <inheritdoc/>
    public override bool IsEventTime => true;

    /// <inheritdoc/>
    public override Trigger DefaultTrigger => EventTimeTrigger.Create();

    /// <inheritdoc/>
    public override string Description =>
        $"sliding {_slices.Size} ms every {_slices.Slide} ms from {_slices.Offset} by event time";

    internal override TimeSlices? Slices => _slices;

    /// <summary>Windows that begin at whole multiples of the slide since 1970-01-01 UTC, moved by an offset.</summary>
    /// <param name="size">From 1 ms, in whole milliseconds.</param>
    /// <param name="slide">From the start of one window to that of the next: from 1 ms, in whole milliseconds. Where
    /// it is greater than the size, records between two windows belong to none; where it is smaller, a record belongs
    /// to at most 100,000 windows.</param>
    /// <param name="offset">Less than the slide, in either direction; zero by default.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">One of them is out of range.</exception>
    public static SlidingEventTimeWindows Of(TimeSpan size, TimeSpan slide, TimeSpan offset = default) =>
        new(size, slide, offset);

    /// <inheritdoc/>
    public override void AssignWindows(long timestamp, ICollector<TimeWindow> windows) =>
        _slices.AssignWindows(timestamp, windows);
}
