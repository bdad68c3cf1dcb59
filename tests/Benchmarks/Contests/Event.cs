namespace Millrace.Contests;

/// <summary>The 32-byte record of the contests.</summary>
internal readonly record struct Event(long Key, long Value, long Timestamp, long Extra)
{
    /// <summary>Records with keys spread over a range, always the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="keys">Number of different keys.</param>
    public static Event[] Many(int count, int keys)
    {
        var random = new Random(20_261_123);
        return [.. Enumerable.Range(0, count).Select(i => new Event(random.Next(keys), random.Next(1_000), i, i * 7L))];
    }
}
