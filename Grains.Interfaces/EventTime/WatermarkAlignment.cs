namespace Millrace.EventTime;

/// <summary>Asks that a source waits for the others of its group.</summary>
/// <param name="Group">Name of the group within the job.</param>
/// <param name="MaxDrift">How far it may be ahead of the slowest of the group.</param>
/// <param name="Interval">From one look at the others to the next one.</param>
internal sealed record WatermarkAlignment(string Group, TimeSpan MaxDrift, TimeSpan Interval)
{
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(10);
}
