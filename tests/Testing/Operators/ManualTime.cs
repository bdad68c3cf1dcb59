namespace Millrace.Operators;

/// <summary>A clock that moves when a test says so. Begins at 2026-01-01 UTC; belongs to one thread.</summary>
public sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private TimeSpan _passed;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Begin + _passed;

    /// <inheritdoc/>
    public override long GetTimestamp() => _passed.Ticks;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        _passed += by;
    }
}
