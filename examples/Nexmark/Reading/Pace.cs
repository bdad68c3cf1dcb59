namespace Millrace.Examples.Nexmark.Reading;

/// <summary>Lets events out at the rate of their event time, from the first request on.</summary>
/// <param name="eventsPerSecond">Of one reader.</param>
/// <param name="time">The clock.</param>
internal sealed class Pace(double eventsPerSecond, TimeProvider time)
{
    private long? _start;
    private double _made;

    /// <summary>How many of some events are due.</summary>
    public int Due(int wanted)
    {
        _start ??= time.GetTimestamp();
        double due = (time.GetElapsedTime(_start.Value).TotalSeconds * eventsPerSecond) - _made;
        int count = (int)Math.Clamp(due, 0, wanted);
        _made += count;
        return count;
    }
}
