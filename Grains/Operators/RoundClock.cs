namespace Millrace.Operators;

/// <summary>How long the loop's present round may still take. Belongs to one loop.</summary>
/// <remarks>The clock is read once for each range of records, never for a record.</remarks>
internal sealed class RoundClock(TimeProvider time)
{
    /// <summary>
    /// About how long a round takes; between rounds a loop reads its mail and others have their turn.
    /// </summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(1);

    private readonly long _budgetTicks = (long)(Budget.TotalSeconds * time.TimestampFrequency);
    private readonly double _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
    private long _end;

    /// <summary>The latest reading.</summary>
    public long Last { get; private set; }

    /// <summary>Whether the budget was spent at the latest reading.</summary>
    public bool IsOver => Last >= _end;

    /// <summary>What a range of records should take at most, so that several fit into a round.</summary>
    public long RangeTicks => _budgetTicks / 4;

    /// <summary>Begins a round.</summary>
    public void Begin()
    {
        Last = time.GetTimestamp();
        _end = Last + _budgetTicks;
    }

    /// <summary>Reads the clock.</summary>
    public long Read() => Last = time.GetTimestamp();

    /// <summary>From the latest reading to a later one.</summary>
    public TimeSpan Until(long reading) => TimeSpan.FromSeconds((reading - Last) / (double)time.TimestampFrequency);

    /// <summary>What the clock reads a while after the latest reading.</summary>
    public long After(TimeSpan delay) => Last + (long)(delay.TotalSeconds * time.TimestampFrequency);

    public long NanosecondsOf(long ticks) => (long)(ticks * _nanosecondsPerTick);
}
