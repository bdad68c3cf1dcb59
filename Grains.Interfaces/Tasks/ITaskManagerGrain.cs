using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Jobs;
using Millrace.Slots;

namespace Millrace.Tasks;

/// <summary>The doorbell of one silo's subtasks. Keyed by the silo's address with generation, pinned to that silo,
/// without state of its own; see <see cref="TaskGrains.TaskManager"/>.</summary>
/// <remarks>A call for a silo that is gone throws <see cref="TaskManagerLostException"/>; an order of an older epoch
/// than the newest seen throws <see cref="Failures.StaleEpochException"/>.</remarks>
[Alias("millrace.ITaskManagerGrain")]
public interface ITaskManagerGrain : IGrainWithStringKey
{
    /// <summary>The silo and its slots.</summary>
    [Alias("GetStatus")]
    Task<TaskManagerStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Gives free slots to a job, until it holds the number asked for: all of them or none.</summary>
    /// <param name="job">The job.</param>
    /// <param name="epoch">Who asks.</param>
    /// <param name="count">How many slots the job is to hold on this silo.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The slots the job holds; empty when there are not enough.</returns>
    [Alias("ReserveSlots")]
    Task<ImmutableArray<int>> ReserveSlotsAsync(
        JobId job, JobEpoch epoch, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back a job's slots of this epoch and of older ones, each as soon as nothing of the job runs here.
    /// </summary>
    /// <returns>The silo's slots after that.</returns>
    [Alias("ReleaseSlots")]
    Task<ImmutableArray<SlotStatus>> ReleaseSlotsAsync(
        JobId job, JobEpoch epoch, CancellationToken cancellationToken);

    /// <summary>Builds subtasks, all or none; they do not run yet.</summary>
    [Alias("Deploy"), ResponseTimeout("00:02:00")]
    Task<DeploymentAnswer> DeployAsync(TaskDeploymentList list, CancellationToken cancellationToken);

    /// <summary>Starts deployed subtasks.</summary>
    [Alias("Start")]
    Task StartAsync(TaskOrder order, CancellationToken cancellationToken);

    /// <summary>Has the cut of a checkpoint begin with sources of this silo. Those that have finished, or are not here,
    /// are left out.</summary>
    [Alias("TriggerCheckpoint")]
    Task TriggerCheckpointAsync(CheckpointOrder order, CancellationToken cancellationToken);

    /// <summary>Tells subtasks what became of checkpoints. Those that are not here are left out.</summary>
    [Alias("NotifyCheckpoint")]
    Task NotifyCheckpointAsync(CheckpointNotice notice, CancellationToken cancellationToken);

    /// <summary>A savepoint with which the job was to stop was given up: subtasks that stand still behind its cut, or
    /// would do so when it comes, go on. Those that are not here are left out. Said again, it changes
    /// nothing.</summary>
    [Alias("GoOn")]
    Task GoOnAsync(CheckpointOrder order, CancellationToken cancellationToken);

    /// <summary>Tells subtasks to stop; those unknown here are reported as canceled.</summary>
    [Alias("Cancel")]
    Task CancelAsync(TaskOrder order, CancellationToken cancellationToken);

    /// <summary>Begins to send finished partitions of this silo to consumers on others, which expect them. Said again,
    /// it changes nothing.</summary>
    /// <returns>Those of the partitions that are not here.</returns>
    [Alias("SendPartitions")]
    Task<ImmutableArray<PartitionId>> SendPartitionsAsync(PartitionOrder order, CancellationToken cancellationToken);

    /// <summary>Removes partitions that nobody will read any more.</summary>
    [Alias("ReleasePartitions")]
    Task ReleasePartitionsAsync(PartitionOrder order, CancellationToken cancellationToken);

    /// <summary>A new epoch is in charge of a job: tells everything of older epochs to stop.</summary>
    /// <returns>Attempts of the job that still run here; ask again until there are none.</returns>
    [Alias("CancelOlder")]
    Task<ImmutableArray<ExecutionAttemptId>> CancelOlderAsync(
        JobId job, JobEpoch epoch, CancellationToken cancellationToken);

    /// <summary>Counters of a job's subtasks on this silo.</summary>
    [Alias("GetMetrics")]
    Task<ImmutableArray<TaskMetrics>> GetMetricsAsync(JobId job, CancellationToken cancellationToken);
}
