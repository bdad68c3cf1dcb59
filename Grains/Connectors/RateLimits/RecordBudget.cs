namespace Millrace.Connectors.RateLimits;

/// <summary>Says how many records may be read by now. Unspent records are kept for a second at most. Belongs to one
/// loop.</summary>
internal sealed class RecordBudget(double recordsPerSecond, TimeProvider time)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    // A record of which all but this part has come may be read, so that no rounding makes it wait.
    private const double Tolerance = 1e-6;

    private readonly double _most = Math.Max(1, recordsPerSecond);
    private double _left = 1;
    private long _countedAt = time.GetTimestamp();

    /// <summary>How long to wait until a record may be read; at least 1 ms, so that fast ones come by
    /// several.</summary>
    public TimeSpan UntilNext
    {
        get
        {
            double ticks = Math.Ceiling((1 - _left) / recordsPerSecond * TimeSpan.TicksPerSecond);
            return TimeSpan.FromTicks((long)Math.Clamp(ticks, ShortestWait.Ticks, TimeSpan.TicksPerDay));
        }
    }

    /// <summary>Records that may be read now, but at most so many.</summary>
    public int Due(int most)
    {
        long now = time.GetTimestamp();
        _left = Math.Min(_most, _left + (time.GetElapsedTime(_countedAt, now).TotalSeconds * recordsPerSecond));
        _countedAt = now;
        return (int)Math.Min(most, Math.Floor(_left + Tolerance));
    }

    /// <summary>So many records were read.</summary>
    public void Spend(int count) => _left -= count;
}
