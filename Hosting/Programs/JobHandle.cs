using Millrace.Checkpointing.Statistics;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>A submitted job. Thread-safe.</summary>
/// <remarks>Calls are repeated for a while when the silo they went to is lost; see
/// <see cref="ClusterLostException"/>.</remarks>
public sealed class JobHandle
{
    private readonly ClusterCalls _calls;

    internal JobHandle(ClusterCalls calls, JobId id, string name)
    {
        _calls = calls;
        Id = id;
        Name = name;
    }

    /// <summary>The job.</summary>
    public JobId Id { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Waits until the job has ended, however it ended.</summary>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public async Task<JobResult> WaitAsync(CancellationToken cancellationToken = default)
    {
        JobResult? result;
        do
        {
            result = await WaitAsync(ClusterCalls.LongestPoll, cancellationToken);
        }
        while (result is null);

        return result;
    }

    /// <summary>Waits for the end of the job for a while.</summary>
    /// <returns>Null when it has not ended.</returns>
    internal Task<JobResult?> WaitAsync(TimeSpan upTo, CancellationToken cancellationToken) => _calls.CallAsync(
        (grains, token) => grains.Job(Id).WaitForResultAsync(upTo, token), cancellationToken);

    /// <summary>All there is to show about the job now.</summary>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public Task<JobDetails> GetDetailsAsync(CancellationToken cancellationToken = default) =>
        _calls.CallAsync((grains, token) => grains.Job(Id).GetDetailsAsync(token), cancellationToken);

    /// <summary>The job's last checkpoints, the latest first, without their subtasks.</summary>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public Task<CheckpointHistory> GetCheckpointsAsync(CancellationToken cancellationToken = default) =>
        _calls.CallAsync((grains, token) => grains.Job(Id).GetCheckpointsAsync(token), cancellationToken);

    /// <summary>One of the job's last checkpoints, with each subtask's part.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when it is not, or no longer, known.</returns>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public Task<CheckpointStatistics?> GetCheckpointAsync(
        long number, CancellationToken cancellationToken = default) =>
        _calls.CallAsync((grains, token) => grains.Job(Id).GetCheckpointAsync(number, token), cancellationToken);

    /// <summary>Asks the job to stop. Returns at once; a job that has ended stays as it is.</summary>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public Task CancelAsync(CancellationToken cancellationToken = default) =>
        _calls.CallAsync(
            async (grains, token) =>
            {
                await grains.Job(Id).CancelAsync(token);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Id})";
}
