using Millrace.Functions;

namespace Millrace.Windowing;

/// <summary>Windows of one size that begin at regular times, in milliseconds.</summary>
/// <param name="Size">Size of a window.</param>
/// <param name="Slide">From the start of one window to that of the next.</param>
/// <param name="Offset">Where one of them starts.</param>
internal sealed record TimeSlices(long Size, long Slide, long Offset)
{
    /// <summary>The largest piece of time of which every window is made.</summary>
    public long Slice { get; } = Divisor(Size, Slide);

    /// <summary>The start of the slice a time lies in.</summary>
    public long SliceOf(long timestamp) => TimeWindow.StartOf(timestamp, Offset, Slice);

    /// <summary>The end of the first window behind a time: that of the first window with an end later than
    /// it.</summary>
    public long FirstEndAfter(long time)
    {
        long past = TimeWindow.StartOf(time, Offset + Size, Slide);
        return past > long.MaxValue - Slide ? long.MaxValue : past + Slide;
    }

    /// <summary>The end of the last window that a slice belongs to.</summary>
    public long LastEndOf(long slice) => TimeWindow.StartOf(slice, Offset, Slide) + Size;

    /// <summary>Gives the windows a time lies in, the latest first.</summary>
    public void AssignWindows(long timestamp, ICollector<TimeWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        long last = TimeWindow.StartOf(timestamp, Offset, Slide);
        for (long start = last; start > timestamp - Size; start -= Slide)
        {
            windows.Emit(new TimeWindow(start, start + Size));
        }
    }

    private static long Divisor(long left, long right) => right == 0 ? left : Divisor(right, left % right);
}
