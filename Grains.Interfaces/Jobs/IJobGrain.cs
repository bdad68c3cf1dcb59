using Millrace.Checkpointing;
using Millrace.Checkpointing.Statistics;
using Millrace.Connectors;
using Millrace.Graph;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>Runs one job. Keyed by job id; see <see cref="JobGrains.Job"/>.</summary>
/// <remarks>
/// Every method but <see cref="StartAsync"/> throws <see cref="JobNotFoundException"/> for a job without a record.
/// </remarks>
[Alias("millrace.IJobGrain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Longest wait of <see cref="WaitForChangeAsync"/> and <see cref="WaitForResultAsync"/>.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Records the job, then begins to run it. Called by the dispatcher; a second call changes nothing.
    /// </summary>
    [Alias("Start")]
    Task StartAsync(JobSubmission submission, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure somebody is in charge of the job. Called by the dispatcher for the watchers; idempotent.
    /// </summary>
    /// <returns>The job's status.</returns>
    [Alias("EnsureRunning")]
    Task<JobStatus> EnsureRunningAsync(CancellationToken cancellationToken);

    /// <summary>The job as a line of a list.</summary>
    [Alias("GetOverview")]
    Task<JobOverview> GetOverviewAsync(CancellationToken cancellationToken);

    /// <summary>All there is to show.</summary>
    [Alias("GetDetails")]
    Task<JobDetails> GetDetailsAsync(CancellationToken cancellationToken);

    /// <summary>The job's last checkpoints.</summary>
    [Alias("GetCheckpoints")]
    Task<CheckpointHistory> GetCheckpointsAsync(CancellationToken cancellationToken);

    /// <summary>One of the job's last checkpoints, with each subtask's part; null when it is not, or no longer,
    /// known.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("GetCheckpoint")]
    Task<CheckpointStatistics?> GetCheckpointAsync(long number, CancellationToken cancellationToken);

    /// <summary>The same, as soon as the version is another one, after <paramref name="upTo"/> at the latest.</summary>
    /// <param name="knownVersion">The version the caller has seen, or -1.</param>
    /// <param name="upTo">At most <see cref="LongestWait"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("WaitForChange")]
    Task<JobDetails> WaitForChangeAsync(long knownVersion, TimeSpan upTo, CancellationToken cancellationToken);

    /// <summary>
    /// What is left of the job once it has ended; null when it has not after <paramref name="upTo"/>.
    /// </summary>
    /// <param name="upTo">At most <see cref="LongestWait"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("WaitForResult")]
    Task<JobResult?> WaitForResultAsync(TimeSpan upTo, CancellationToken cancellationToken);

    /// <summary>The plan the job was submitted with.</summary>
    [Alias("GetPlan")]
    Task<JobGraph> GetPlanAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Asks the job to stop. Returns at once; a job that has ended, or is committing, goes on as it is.
    /// </summary>
    [Alias("Cancel")]
    Task CancelAsync(CancellationToken cancellationToken);

    /// <summary>Takes a savepoint, and waits for it for a while. Called again with the same request until it is
    /// complete or has failed; a call may be repeated when its answer is lost.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="upTo">At most <see cref="LongestWait"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the savepoint goes on.</param>
    /// <returns>How far it has come.</returns>
    [Alias("Savepoint")]
    Task<SavepointProgress> SavepointAsync(
        SavepointRequest request, TimeSpan upTo, CancellationToken cancellationToken);

    /// <summary>The plan the job would have with another parallelism of the operators that do not say their own. The
    /// job goes on as it is.</summary>
    /// <exception cref="Failures.StreamingException">The program cannot run like that.</exception>
    [Alias("PlanFor"), ResponseTimeout("00:01:00")]
    Task<JobGraph> PlanForAsync(int parallelism, CancellationToken cancellationToken);

    /// <summary>What the job was submitted with.</summary>
    [Alias("GetSubmission")]
    Task<JobSubmission> GetSubmissionAsync(CancellationToken cancellationToken);

    /// <summary>Takes reports of a silo's subtasks.</summary>
    /// <returns>Whether they need not be sent again.</returns>
    [Alias("Report")]
    Task<ReportAnswer> ReportAsync(TaskReportBatch reports, CancellationToken cancellationToken);

    /// <summary>Hands out a split of a source. Waits a bounded time; then the answer is to ask again.</summary>
    [Alias("RequestSplit")]
    Task<SplitAnswer> RequestSplitAsync(SplitRequest request, CancellationToken cancellationToken);

    /// <summary>Takes how far a source has come, and answers how far the slowest of its group is.</summary>
    /// <returns>The least watermark of those that have told one and have not ended.</returns>
    [Alias("Align")]
    Task<long> AlignAsync(AlignmentReport report, CancellationToken cancellationToken);
}
