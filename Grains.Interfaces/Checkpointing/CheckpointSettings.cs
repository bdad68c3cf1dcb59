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

    /// <summary>How long a cut waits, from the beginning of the checkpoint, for the records in front of it to be worked
    /// off; then it overtakes them, and they become a part of the checkpoint. Default 1 s; zero for at once,
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for never; up to 1 day.</summary>
    /// <remarks>Cuts of savepoints, cuts on forward, rescale and custom edges, and those of
    /// <see cref="CheckpointMode.AtLeastOnce"/> overtake nothing.</remarks>
    [Id(20)]
    public TimeSpan AlignedTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a restart may do to a record. Default <see cref="CheckpointMode.ExactlyOnce"/>.</summary>
    [Id(21)]
    public CheckpointMode Mode { get; init; }

    /// <summary>Whether cuts may overtake records at all.</summary>
    internal bool MayOvertake =>
        Mode == CheckpointMode.ExactlyOnce && AlignedTimeout != System.Threading.Timeout.InfiniteTimeSpan;

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
        if (AlignedTimeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            Require(nameof(AlignedTimeout), AlignedTimeout, TimeSpan.Zero);
        }

        if (!Enum.IsDefined(Mode))
        {
            throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "There is no such mode of checkpoints.");
        }

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
