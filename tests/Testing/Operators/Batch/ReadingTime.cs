namespace Millrace.Operators.Batch;

/// <summary>A clock that moves when it is read, so that rounds end after some readings.</summary>
/// <param name="byReading">How far, each time.</param>
internal sealed class ReadingTime(TimeSpan byReading) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks += byReading.Ticks;
}
