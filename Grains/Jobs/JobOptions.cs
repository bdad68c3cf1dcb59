using System.ComponentModel.DataAnnotations;

namespace Millrace.Jobs;

/// <summary>How patiently jobs are run, and how long ended ones are remembered. Section <c>Millrace:Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>The configuration key of <see cref="Directory"/>.</summary>
    internal const string DirectoryKey = "Millrace:Jobs:Directory";

    /// <summary>What runs again when a subtask fails. Default <see cref="Jobs.FailoverStrategy.Region"/>.</summary>
    public FailoverStrategy FailoverStrategy { get; set; } = FailoverStrategy.Region;

    /// <summary>Longest wait for slots before a job fails. Default 10 s; up to an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SlotRequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How much longer than its silos a job waits for subtasks to stop, before it ends without them. Default
    /// 15 s; 100 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan CancellationMargin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Times that subtasks of a job in batch mode are run again because what they had read or written was lost
    /// with a silo or a file; each further loss counts as a failure. Default 16; 0 to 10,000.</summary>
    [Range(0, 10_000)]
    public int MaxReruns { get; set; } = 16;

    /// <summary>Silos in a row that may be lost while a job's own code prepares on them (its program, enumerators,
    /// committers), before the job fails: it may be what ends them. Default 2; 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxSilosLostInPreparation { get; set; } = 2;

    /// <summary>Silos in a row that may be lost while the results of a job are made visible on them, before the job
    /// fails: its committers may be what ends them. Default 3; 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxSilosLostInCommit { get; set; } = 3;

    /// <summary>Times that the results of a finished job are tried to be committed. Default 4; 1 to 100.</summary>
    [Range(1, 100)]
    public int CommitAttempts { get; set; } = 4;

    /// <summary>From a failed commit to the next one; doubled each time. Default 1 s; up to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan CommitRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that one try to make results visible may take, and so the longest that a cancellation
    /// waits for it. A try that does not end then fails the job. Default 5 minutes; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest time that removing what a job left behind may take; it ends without it then. Default 1 minute;
    /// 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AbortTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest wait for a split before a reader is told to ask again. Default 5 s; 10 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan SplitWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>From one look at the counters of a job's subtasks to the next. Default 1 s; 100 ms to 1
    /// minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>From one look after all jobs to the next; a change of the cluster's members causes one at once.
    /// Default 5 s; 100 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Failures that are kept for showing. Default 20; 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int MaxFailures { get; set; } = 20;

    /// <summary>Completed checkpoints that are kept of a job which does not say it itself, the latest ones. Default 1;
    /// 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int RetainedCheckpoints { get; set; } = 1;

    /// <summary>Checkpoints of a job whose figures are kept for showing, the latest ones. Default 20; 1 to
    /// 1,000.</summary>
    [Range(1, 1_000)]
    public int CheckpointHistory { get; set; } = 20;

    /// <summary>Most bytes that the sinks of a job may return to the client. Default 16 MB; up to 64 MB.</summary>
    [Range(0, 64L << 20)]
    public long MaxReturnedBytes { get; set; } = 16L << 20;

    /// <summary>Ended jobs that are remembered. Default 100; 0 to 10,000.</summary>
    [Range(0, 10_000)]
    public int RetainedJobs { get; set; } = 100;

    /// <summary>How long ended jobs are remembered. Default 7 days; 1 minute to a year.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan RetainedFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the grain of an ended job stays in memory. Default 1 minute; up to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan EndedGrainStays { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Where the records of jobs are kept; all silos of a cluster see the same place: a path,
    /// <c>file:///path</c>, <c>azblob://container/path</c> or
    /// <c>https://account.blob.core.windows.net/container/path</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Directory { get; set; } = "";
}

/// <summary>What runs again when a subtask fails.</summary>
public enum FailoverStrategy
{
    /// <summary>Its region: the subtasks that it passes records to or gets them from while they run, and theirs in
    /// turn. All else goes on.</summary>
    Region,

    /// <summary>All of the job.</summary>
    Full,
}
