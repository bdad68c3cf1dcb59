namespace Millrace.Connectors.Datagen;

/// <summary>Says how many records are due by now, when they come evenly.</summary>
/// <remarks>Counts from the start and not from the last record, so that no rounding adds up and what was held back is
/// caught up with.</remarks>
internal sealed class RatePlan(double recordsPerSecond, TimeProvider time)
{
    // A record may come this part of its interval early, so that 0.29 s at 100 records per second are 29, not 28.99...
    private const double Tolerance = 1e-6;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private long _start;
    private TimeSpan _firstAfter;
    private double _done;

    /// <summary>How long to wait until the next record is due; at least 1 ms, so that fast ones come by
    /// several.</summary>
    public TimeSpan UntilNext
    {
        get
        {
            double seconds = (_done / recordsPerSecond) - SinceFirst.TotalSeconds;
            double ticks = Math.Ceiling(seconds * TimeSpan.TicksPerSecond);
            return TimeSpan.FromTicks((long)Math.Clamp(ticks, ShortestWait.Ticks, TimeSpan.TicksPerDay));
        }
    }

    private TimeSpan SinceFirst => time.GetElapsedTime(_start) - _firstAfter;

    /// <summary>Begins to count.</summary>
    /// <param name="firstAfter">From now to the first record.</param>
    public void Start(TimeSpan firstAfter)
    {
        _start = time.GetTimestamp();
        _firstAfter = firstAfter;
        _done = 0;
    }

    /// <summary>Records that are due and not done, but at most so many.</summary>
    public int Due(int most)
    {
        double seconds = SinceFirst.TotalSeconds;
        double due = seconds < 0 ? 0 : Math.Floor((seconds * recordsPerSecond) + Tolerance) + 1;
        return (int)Math.Clamp(due - _done, 0, most);
    }

    /// <summary>So many records were made.</summary>
    public void Done(int count) => _done += count;
}
