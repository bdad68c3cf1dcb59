using System.Globalization;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
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

    internal async Task<string> SavepointAsync(
        SavepointKind kind, string? directory, CancellationToken cancellationToken)
    {
        SavepointRequest request = new(
            new SavepointId(JobSubmitter.NewId()),
            kind,
            directory is null ? null : JobSubmitter.FullPath(directory));
        while (true)
        {
            SavepointProgress progress = await AskAsync(request, cancellationToken);
            switch (progress.State)
            {
                case SavepointState.Completed:
                    return progress.Path!;
                case SavepointState.Failed:
                    throw new SavepointFailedException(progress.Failure!.Message);
                default:
                    break;
            }
        }
    }

    // Whoever asked has to find it all the same.
    private Task<SavepointProgress> AskAsync(SavepointRequest request, CancellationToken cancellationToken)
    {
        string folder = SavepointLocation.FolderIn(
            request.Directory ?? "<Millrace:Checkpoints:SavepointDirectory>", Id.ToString(), request.Id);
        return _calls.CallAsync(
            (grains, token) => grains.Job(Id).SavepointAsync(request, ClusterCalls.LongestPoll, token),
            cancellationToken,
            about: $"If job {this} has its savepoint, that is '{folder}': it is whole when {SavepointFiles.Metadata} "
                + "is in it.");
    }

    /// <summary>The job.</summary>
    public JobId Id { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Waits until the job has ended, however it ended.</summary>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <exception cref="ClusterLostException">The cluster has not answered for
    /// <see cref="Clustering.Clients.MillraceClientOptions.OutageTimeout"/>.</exception>
    public Task<JobResult> WaitAsync(CancellationToken cancellationToken = default) =>
        WaitAsync(told: null, cancellationToken);

    /// <param name="told">Where it is said that the cluster does not answer, and that it does again; or null.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    internal async Task<JobResult> WaitAsync(Action<string>? told, CancellationToken cancellationToken)
    {
        var patience = new CallPatience(
            _calls.OutageTimeout,
            (silent, last) => told?.Invoke(string.Create(
                CultureInfo.InvariantCulture,
                $"The cluster has not answered for {silent.TotalSeconds:0} s. Waiting for the end of job {this}, for "
                + $"up to {_calls.OutageTimeout} in all (Millrace:Client:OutageTimeout). Last error: {last.Message}")),
            silent => told?.Invoke(string.Create(
                CultureInfo.InvariantCulture,
                $"The cluster answers again, after {silent.TotalSeconds:0} s. Job {this} is still waited for.")));
        string about = $"Job {this} may still run: once the cluster answers, 'millrace show {Id}' tells how it gets "
            + "on, and 'millrace list' shows all jobs.";
        JobResult? result;
        do
        {
            result = await WaitAsync(ClusterCalls.LongestPoll, cancellationToken, patience, about);
        }
        while (result is null);

        return result;
    }

    /// <summary>Waits for the end of the job for a while.</summary>
    /// <returns>Null when it has not ended.</returns>
    internal Task<JobResult?> WaitAsync(
        TimeSpan upTo, CancellationToken cancellationToken, CallPatience? patience = null, string? about = null) =>
        _calls.CallAsync(
            (grains, token) => grains.Job(Id).WaitForResultAsync(upTo, token),
            cancellationToken,
            patience: patience,
            about: about);

    /// <summary>All there is to show about the job now, for somebody who shows it as long as it is waited
    /// for.</summary>
    internal Task<JobDetails> WatchDetailsAsync(CancellationToken cancellationToken) => _calls.CallAsync(
        (grains, token) => grains.Job(Id).GetDetailsAsync(token),
        cancellationToken,
        patience: new CallPatience(_calls.OutageTimeout));

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
    public async Task CancelAsync(CancellationToken cancellationToken = default) => await _calls.CallAsync(
        async (grains, token) =>
        {
            await grains.Job(Id).CancelAsync(token);
            return true;
        },
        cancellationToken,
        about: $"Job {this} may go on: once the cluster answers, 'millrace cancel {Id}' asks it again.");

    /// <summary>Takes a savepoint; the job goes on. It is the user's: no job removes it.</summary>
    /// <param name="directory">Where its folder is made: a path that all silos see, or a URI; null for
    /// <c>Millrace:Checkpoints:SavepointDirectory</c>.</param>
    /// <param name="cancellationToken">Gives up waiting; the savepoint goes on.</param>
    /// <returns>The folder, from which a job can go on.</returns>
    /// <exception cref="SavepointFailedException">There is none; the message says why.</exception>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public Task<string> SavepointAsync(string? directory = null, CancellationToken cancellationToken = default) =>
        SavepointAsync(SavepointKind.Continue, directory, cancellationToken);

    /// <summary>Stops the job with a savepoint: what its sinks have written before is visible, and nothing is processed
    /// behind it. Returns when the job has ended. A job that cannot take the savepoint goes on.</summary>
    /// <param name="directory">As for <see cref="SavepointAsync(string?, CancellationToken)"/>.</param>
    /// <param name="drain">Whether the job stops for good: event time comes to its end first, so that every window
    /// fires. If such a savepoint fails, the job begins anew from its latest checkpoint.</param>
    /// <param name="cancellationToken">Gives up waiting; the job stops all the same.</param>
    /// <returns>The folder, from which a job can go on.</returns>
    /// <exception cref="SavepointFailedException">There is none; the message says why.</exception>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public Task<string> StopWithSavepointAsync(
        string? directory = null, bool drain = false, CancellationToken cancellationToken = default) =>
        SavepointAsync(drain ? SavepointKind.Drain : SavepointKind.Suspend, directory, cancellationToken);

    /// <summary>Goes on with another number of subtasks: stops the job with a savepoint and starts it again from
    /// there, under a new id. When it does not start like that, it is started as it was.</summary>
    /// <param name="parallelism">Of operators that do not say their own, from 1.</param>
    /// <param name="directory">As for <see cref="SavepointAsync(string?, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Gives up; asked for too late, the job may have been stopped.</param>
    /// <exception cref="SavepointFailedException">The job could not be stopped, and goes on as it is.</exception>
    /// <exception cref="RescaleException">The job goes on as it is, or was stopped and not started again; the message
    /// says so, and where the savepoint is.</exception>
    public Task<RescaledJob> RescaleAsync(
        int parallelism, string? directory = null, CancellationToken cancellationToken = default) =>
        new JobRescaling(_calls, this).RunAsync(parallelism, directory, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Id})";
}
