using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Millrace.Failures;
using Millrace.Jobs.Storage;
using Millrace.Slots;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Millrace.Jobs;

/// <summary>The cluster's door for jobs. What it knows it reads from the records and asks from the jobs.</summary>
[KeepAlive, Reentrant, Immovable]
internal sealed class DispatcherGrain(
    JobServices services, JobRetention retention, ILogger<DispatcherGrain> logger) : Grain, IDispatcherGrain
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(3);

    private Task? _recovery;

    async Task<JobId> IDispatcherGrain.SubmitAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submission);
        SubmissionCheck.Require(submission);
        await GrainFactory.Job(submission.Job).StartAsync(submission, cancellationToken);
        return submission.Job;
    }

    async Task<ImmutableArray<JobOverview>> IDispatcherGrain.ListAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<StoredJob> stored = await services.Records.ListAsync(cancellationToken);
        JobOverview[] jobs = await Task.WhenAll(stored.Select(job => OverviewAsync(job, cancellationToken)));
        return
        [
            .. jobs.OrderBy(static job => job.SubmittedAt)
                .ThenBy(static job => job.Job.ToString(), StringComparer.Ordinal),
        ];
    }

    Task IDispatcherGrain.CancelAsync(JobId job, CancellationToken cancellationToken) =>
        GrainFactory.Job(job).CancelAsync(cancellationToken);

    Task IDispatcherGrain.RecoverAsync(CancellationToken cancellationToken)
    {
        // Watchers call at the same moment, all for the same reason: one look is enough for all of them.
        if (_recovery is null || _recovery.IsCompleted)
        {
            _recovery = RecoverAsync();
        }

        return _recovery.WaitAsync(cancellationToken);
    }

    private static JobOverview Unreadable(StoredJob job) =>
        new(job.Job, "", JobStatus.Suspended, DateTimeOffset.UnixEpoch, null, [], job.Error);

    private async Task<JobOverview> OverviewAsync(StoredJob job, CancellationToken cancellationToken)
    {
        if (job.Record is not { } record)
        {
            return Unreadable(job);
        }

        if (record.Status.IsTerminal())
        {
            return record.Overview();
        }

        try
        {
            return await GrainFactory.Job(job.Job).GetOverviewAsync(cancellationToken)
                .WaitAsync(AskTimeout, services.Execution.Time, cancellationToken);
        }
        catch (Exception exception) when (IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            logger.NotAsked(exception, job.Job);
            return record.Overview();
        }
    }

    private async Task RecoverAsync()
    {
        ImmutableArray<StoredJob> stored = await services.Records.ListAsync(CancellationToken.None);
        await Task.WhenAll(stored
            .Where(static job => job.Record is { } record && !record.Status.IsTerminal())
            .Select(EnsureRunningAsync));
        foreach (JobId job in RetentionOf(stored))
        {
            if (await retention.TryForgetAsync(job, CancellationToken.None))
            {
                logger.Forgotten(job);
            }
        }
    }

    private async Task EnsureRunningAsync(StoredJob job)
    {
        try
        {
            await GrainFactory.Job(job.Job).EnsureRunningAsync(CancellationToken.None);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            // The watchers come again.
            logger.NotRecovered(exception, job.Job);
        }
    }

    private IEnumerable<JobId> RetentionOf(ImmutableArray<StoredJob> stored)
    {
        JobOptions options = services.Options.Value;
        DateTimeOffset oldest = services.Execution.Time.GetUtcNow() - options.RetainedFor;
        return stored
            .Where(static job => job.Record?.Status.IsTerminal() == true)
            .OrderByDescending(static job => job.Record!.EndedAt)
            .Where((job, index) => index >= options.RetainedJobs || job.Record!.EndedAt < oldest)
            .Select(static job => job.Job);
    }

    private static bool IsExpected(Exception exception) =>
        exception is StreamingException or IOException or UnauthorizedAccessException
        || GrainCalls.MayHelpToRepeat(exception);
}
