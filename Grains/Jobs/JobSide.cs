using Millrace.Connectors;
using Millrace.Failures;
using Millrace.Jobs.Coordination;
using Millrace.Jobs.Master;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>The job's side of its sources and sinks through all rounds: carries out what the master says about them.
/// </summary>
/// <param name="submission">The job.</param>
/// <param name="isTakeOver">Whether there may be something to commit or to remove that another epoch left.</param>
/// <param name="services">What it uses.</param>
internal sealed class JobSide(JobSubmission submission, bool isTakeOver, JobServices services) : IAsyncDisposable
{
    private CancellationTokenSource _preparing = new();
    private JobCoordination? _coordination;

    /// <summary>Whether there is somebody to ask for splits.</summary>
    public bool IsReady => _coordination is not null;

    public async Task<JobEvent> PrepareAsync(JobEffect.Prepare prepare, CancellationToken cancellationToken)
    {
        _preparing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        JobCoordination coordination = New();
        _coordination = coordination;
        FailureInfo? failure = await coordination.PrepareAsync(prepare.ToCommit, _preparing.Token);
        if (failure is null)
        {
            return new JobEvent.Prepared(prepare.Round, coordination.HasCommitters);
        }

        if (prepare.ToCommit)
        {
            // The next try begins anew; otherwise what was prepared is still to be aborted.
            await ReleaseAsync();
        }

        return new JobEvent.PreparationFailed(prepare.Round, failure);
    }

    public Task CancelPreparationAsync() => _preparing.CancelAsync();

    public Task<(SplitAnswer? Answer, FailureInfo? Failure)> NextSplitAsync(
        SplitRequest request, TimeSpan upTo, CancellationToken cancellationToken) =>
        _coordination!.NextSplitAsync(request, upTo, cancellationToken);

    public async Task<JobEvent> CommitAsync(JobEffect.Commit commit, CancellationToken cancellationToken)
    {
        FailureInfo? failure = _coordination is { } coordination
            ? await coordination.CommitAsync(commit.Committables, cancellationToken)
            : FailureInfo.Of(new InvalidOperationException("There is nobody to commit the results."));
        return failure is null ? new JobEvent.Committed() : new JobEvent.CommitFailed(failure);
    }

    public async Task<JobEvent> AbortAsync(JobEffect.Abort abort, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(services.Options.Value.AbortTimeout, services.Execution.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        FailureInfo? failure = null;
        if (_coordination is null && isTakeOver)
        {
            _coordination = New();
            failure = await BoundedAsync(_coordination.PrepareAsync(onlyCommitters: true, either.Token));
        }

        if (_coordination is { } coordination)
        {
            failure ??= await BoundedAsync(coordination.AbortAsync(either.Token));
            await ReleaseAsync();
        }

        if (failure is not null)
        {
            services.Logger.NotAborted(submission.Job, failure.ToString());
        }

        return new JobEvent.Aborted(abort.Round, failure);
    }

    /// <summary>Ends enumerators and lets go of the job's code.</summary>
    public async Task ReleaseAsync()
    {
        if (_coordination is { } coordination)
        {
            _coordination = null;
            FailureInfo? failure = await BoundedAsync(DisposedAsync(coordination));
            if (failure is not null)
            {
                services.Logger.NotAborted(submission.Job, failure.ToString());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        _preparing.Dispose();
    }

    private static async Task<FailureInfo?> DisposedAsync(JobCoordination coordination)
    {
        await coordination.DisposeAsync();
        return null;
    }

    private JobCoordination New() => new(submission, services.Programs, services.Execution);

    // Code of the job that does not listen to its token must not keep the job from ending.
    private async Task<FailureInfo?> BoundedAsync(Task<FailureInfo?> work)
    {
        try
        {
            return await work.WaitAsync(services.Options.Value.AbortTimeout, services.Execution.Time);
        }
        catch (TimeoutException exception)
        {
            return FailureInfo.Of(exception);
        }
    }
}
