namespace Millrace.Checkpointing;

/// <summary>How often, and how patiently, a job takes checkpoints.</summary>
/// <param name="Interval">From the beginning of one checkpoint to the next one: 10 ms to 1 day.</param>
[GenerateSerializer, Immutable, Alias("millrace.CheckpointSettings")]
public sealed record CheckpointSettings([property: Id(0)] TimeSpan Interval)
{
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    /// <summary>Longest time a checkpoint may take; it is given up then. Default 10 minutes; 10 ms to 1 day.</summary>
    [Id(1)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Least time between the end of a checkpoint and the beginning of the next one. Default none; up to 1
    /// day.</summary>
    [Id(2)]
    public TimeSpan MinPause { get; init; }

    /// <summary>How many checkpoints in a row may fail; one more fails the job, which is then restarted. Default
    /// 3.</summary>
    [Id(3)]
    public int ToleratedFailures { get; init; } = 3;

    /// <summary>Refuses values that cannot work.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its bounds; the message says which.</exception>
    internal CheckpointSettings Checked()
    {
        Require(nameof(Interval), Interval, LeastTime);
        Require(nameof(Timeout), Timeout, LeastTime);
        Require(nameof(MinPause), MinPause, TimeSpan.Zero);
        return ToleratedFailures >= 0
            ? this
            : throw new ArgumentOutOfRangeException(
                nameof(ToleratedFailures), ToleratedFailures, "Tolerated checkpoint failures are counted from 0.");
    }

    private static void Require(string name, TimeSpan value, TimeSpan least)
    {
        if (value < least || value > LongestTime)
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"The {name} of checkpoints is to be from {least} to {LongestTime}.");
        }
    }
}
