namespace Millrace.Latency;

/// <summary>So many records a second, each at its own moment. What is late is not left out, and counts from when it was
/// due.</summary>
internal sealed class Pace(int recordsPerSecond)
{
    private const int Keys = 1_000;

    private readonly double _ticks = (double)TimeProvider.System.TimestampFrequency / recordsPerSecond;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _given;

    /// <summary>The next record, if it is due.</summary>
    public bool TryTake(out PacedRecord record)
    {
        long due = _start + (long)(_given * _ticks);
        record = new PacedRecord(_given % Keys, due);
        if (TimeProvider.System.GetTimestamp() < due)
        {
            return false;
        }

        _given++;
        return true;
    }
}
