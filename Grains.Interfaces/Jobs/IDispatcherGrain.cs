using System.Collections.Immutable;

namespace Millrace.Jobs;

/// <summary>
/// Accepts, lists and recovers the jobs of the cluster. One per cluster; see <see cref="JobGrains.Dispatcher"/>.
/// </summary>
[Alias("millrace.IDispatcherGrain")]
public interface IDispatcherGrain : IGrainWithIntegerKey
{
    /// <summary>Accepts a job: when this returns it is recorded, and will run or fail whatever process dies. The same
    /// job submitted again is the same job.</summary>
    /// <exception cref="Failures.InvalidProgramGraphException">The submission is not one that can run.</exception>
    [Alias("Submit")]
    Task<JobId> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken);

    /// <summary>Running jobs and a bounded number of ended ones, oldest first.</summary>
    [Alias("List")]
    Task<ImmutableArray<JobOverview>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Asks a job to stop. Returns at once; a job that has ended stays as it is.</summary>
    /// <exception cref="JobNotFoundException">The cluster does not know it.</exception>
    [Alias("Cancel")]
    Task CancelAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that every job that has not ended has a job grain. Called by the silos' watchers; idempotent.
    /// </summary>
    [Alias("Recover")]
    Task RecoverAsync(CancellationToken cancellationToken);
}
