using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>The subtasks of one silo, behind the silo's task manager, slot and task grains. Thread-safe.</summary>
/// <remarks>Refuses, by <see cref="StaleEpochException"/>, a call of an epoch older than the newest it has seen for
/// the job.</remarks>
internal interface ITaskHost
{
    /// <summary>Where this silo's data exchange listens: <c>address:port</c>.</summary>
    string Exchange { get; }

    /// <summary>Builds the subtasks: loads the program, defines it, builds the chains, registers input channels. They
    /// do not run yet. All or nothing: a failure releases what was built and is thrown.</summary>
    Task DeployAsync(TaskDeploymentList list, CancellationToken cancellationToken);

    /// <summary>Starts every deployed subtask of the job. Unknown attempts are refused, never started.</summary>
    void Start(JobId job, JobEpoch epoch, IReadOnlyList<ExecutionAttemptId> attempts);

    /// <summary>Begins a checkpoint with sources of the job that run here.</summary>
    void TriggerCheckpoint(CheckpointOrder order);

    /// <summary>Tells subtasks what became of checkpoints. Unknown attempts are left out.</summary>
    void NotifyCheckpoint(CheckpointNotice notice);

    /// <summary>A savepoint with which a job was to stop was given up: its subtasks here go on, those that stand still
    /// behind its cut and those that would.</summary>
    void GoOn(CheckpointOrder order);

    /// <summary>Tells subtasks to stop; each reports <see cref="ExecutionState.Canceled"/>. One that does not react
    /// within the cancellation timeout is given up with its slot. Unknown attempts are reported as canceled at once.
    /// Attempts that are being built are told too: their deployment fails, and they are reported as canceled.</summary>
    void Cancel(JobId job, JobEpoch epoch, IReadOnlyList<ExecutionAttemptId> attempts);

    /// <summary>Begins to send finished partitions to consumers on other silos. One that cannot be sent to its end
    /// makes its consumer be reported as failed.</summary>
    /// <returns>Those that are not here.</returns>
    IReadOnlyList<PartitionId> SendPartitions(PartitionOrder order);

    /// <summary>Removes partitions that nobody will read any more.</summary>
    void ReleasePartitions(PartitionOrder order);

    /// <summary>Jobs of which copies of checkpointed state are kept here.</summary>
    IReadOnlyList<JobId> JobsWithCopies();

    /// <summary>A job is over: no copies of its state stay here.</summary>
    void ReleaseCopies(JobId job);

    /// <summary>Removes what a job's epoch, and older ones, have left here for consumers.</summary>
    void ReleasePartitions(JobId job, JobEpoch epoch);

    /// <summary>Jobs that have left something here for consumers.</summary>
    IReadOnlyList<JobId> JobsWithPartitions();

    /// <summary>Counters of the job's subtasks on this silo.</summary>
    IReadOnlyList<TaskMetrics> MetricsOf(JobId job);

    /// <summary>The edges of an attempt with every channel; empty when it is not here.</summary>
    ImmutableArray<EdgeMetrics> EdgesOf(ExecutionAttemptId attempt);

    /// <summary>Attempts on this silo, of all jobs, that have not ended. One whose end was reported is not among
    /// them.</summary>
    IReadOnlyList<TaskMetrics> Running();
}

/// <summary>Where a silo's subtasks send what their jobs must know. Implemented over grain calls. Thread-safe, never
/// blocks.</summary>
internal interface ITaskReporter
{
    /// <summary>Sends a report one-way, in order per subtask, repeated until the job has taken it or the job is
    /// gone.</summary>
    void Report(JobId job, JobEpoch epoch, TaskReport report);

    /// <summary>Asks the job's side for a split.</summary>
    /// <param name="epoch">The epoch that deployed the subtask.</param>
    /// <param name="attempt">Who asks.</param>
    /// <param name="source">For which operator.</param>
    /// <param name="checkpoint">Number of the last checkpoint whose cut it has passed.</param>
    /// <param name="cancellationToken">The subtask ends.</param>
    Task<SplitAnswer> RequestSplitAsync(
        JobEpoch epoch,
        ExecutionAttemptId attempt,
        OperatorId source,
        long checkpoint,
        CancellationToken cancellationToken);

    /// <summary>Tells the job's side how far a source has come.</summary>
    /// <returns>How far the slowest of its group is.</returns>
    Task<long> AlignAsync(AlignmentReport report, CancellationToken cancellationToken);

    /// <summary>A subtask did not stop within the cancellation timeout: its slot is given up, the silo wants
    /// replacement.</summary>
    void SlotLost(JobId job, JobEpoch epoch, ExecutionAttemptId attempt, int slot);
}
