namespace Millrace.Metrics;

/// <summary>One reading for all instruments of a collection: they agree with each other, and it is taken once.
/// Thread-safe.</summary>
/// <remarks>An instrument that asks again begins another collection. A reading also ends with its time, for collectors
/// that leave instruments out.</remarks>
/// <param name="read">Takes a reading.</param>
/// <param name="time">The clock of <see cref="MaxAge"/>.</param>
internal sealed class SharedReading<T>(Func<T> read, TimeProvider time)
    where T : class
{
    /// <summary>No instrument is shown anything older.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(500);

    private const int MaxInstruments = 64;

    // Held by collectors only.
    private readonly Lock _lock = new();
    private T? _reading;
    private long _takenAt;
    private ulong _shownTo;
    private int _instruments;

    /// <summary>A number for one more instrument.</summary>
    public int Join()
    {
        lock (_lock)
        {
            return _instruments < MaxInstruments
                ? _instruments++
                : throw new InvalidOperationException($"More than {MaxInstruments} instruments share a reading.");
        }
    }

    /// <summary>The reading of the present collection.</summary>
    /// <param name="instrument">From <see cref="Join"/>.</param>
    public T For(int instrument)
    {
        ulong me = 1UL << instrument;
        lock (_lock)
        {
            if (_reading is null || (_shownTo & me) != 0 || time.GetElapsedTime(_takenAt) > MaxAge)
            {
                _takenAt = time.GetTimestamp();
                _reading = read();
                _shownTo = 0;
            }

            _shownTo |= me;
            return _reading;
        }
    }
}
