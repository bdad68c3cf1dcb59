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

    /// <summary>How many completed checkpoints are kept, the latest ones: from one that is damaged the job can go back
    /// to the one before. Default null: as many as the cluster says (<c>Millrace:Jobs:RetainedCheckpoints</c>); 1 to
    /// 1,000.</summary>
    [Id(10)]
    public int? Retained { get; init; }

    /// <summary>Whether the checkpoints of a job that was canceled, or failed, are left where they are for good:
    /// whoever wants them removed removes them. Default false: those of a canceled job are removed at once, those of
    /// one that failed when the cluster forgets the job.</summary>
    [Id(11)]
    public bool RetainOnCancellation { get; init; }

    /// <summary>Whether the job may go back to an earlier checkpoint when the latest one is damaged. Default
    /// <see cref="CheckpointFallback.WhenExact"/>.</summary>
    [Id(12)]
    public CheckpointFallback Fallback { get; init; }

    /// <summary>Refuses values that cannot work.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its bounds; the message says which.</exception>
    internal CheckpointSettings Checked()
    {
        Require(nameof(Interval), Interval, LeastTime);
        Require(nameof(Timeout), Timeout, LeastTime);
        Require(nameof(MinPause), MinPause, TimeSpan.Zero);
        if (Retained is < 1 or > 1_000)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Retained), Retained, "From 1 to 1,000 checkpoints of a job are kept.");
        }

        if (!Enum.IsDefined(Fallback))
        {
            throw new ArgumentOutOfRangeException(nameof(Fallback), Fallback, "There is no such way to fall back.");
        }

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
