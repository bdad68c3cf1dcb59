using System.Collections.Immutable;
using Millrace.Checkpointing;
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
    // After its token was canceled, the job's code has this long to come back.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private CancellationTokenSource _preparing = new();

    // Work of the job's code that does not come back; nothing further is asked of that code.
    private Task<FailureInfo?>? _leftAlone;

    // It is the start of sources: the committers are idle.
    private bool _onlySourcesLeftAlone;
    private bool _hasLeftovers = isTakeOver;
    private JobCoordination? _coordination;

    /// <summary>Whether there is somebody to ask for splits.</summary>
    public bool IsReady => _coordination is not null;

    public async Task<JobEvent> PrepareAsync(JobEffect.Prepare prepare, CancellationToken cancellationToken)
    {
        _preparing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        JobCoordination coordination = New();
        _coordination = coordination;
        FailureInfo? failure = prepare.ToCommit
            ? await CommittingAsync(
                "Preparing to commit",
                token => coordination.PrepareAsync(onlyCommitters: true, token),
                _preparing.Token)
            : await BeginAsync(coordination, prepare.From, _preparing.Token);

        // Nobody waits for what becomes of it.
        cancellationToken.ThrowIfCancellationRequested();
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

    // Sources may take their time to find their input: only what commits is bounded.
    private async Task<FailureInfo?> BeginAsync(
        JobCoordination coordination, CheckpointMetadata? from, CancellationToken cancellationToken)
    {
        FailureInfo? failure = from is null
            ? await UnlessToldToStopAsync(
                coordination.PrepareAsync(onlyCommitters: false, cancellationToken), cancellationToken)
            : await CommittingAsync(
                "Going on from a checkpoint", token => coordination.ResumeAsync(from, token), cancellationToken);
        if (failure is null)
        {
            failure = await UnlessToldToStopAsync(
                coordination.StartSourcesAsync(cancellationToken), cancellationToken);
            _onlySourcesLeftAlone = _leftAlone is not null;
        }

        return failure;
    }

    // Input may take any time to be found. But once the job is to stop, its code has no more than the grace.
    private async Task<FailureInfo?> UnlessToldToStopAsync(
        Task<FailureInfo?> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return await WithinGraceAsync(work, new TimeoutException(
                $"The job's own code (its program, its sources' enumerators, its sinks' committers) has not come back "
                + $"within {Grace} after it was told to stop while it prepared. It is left alone."));
        }
    }

    // It was told to stop, and may be on its way back.
    private async Task<FailureInfo?> WithinGraceAsync(Task<FailureInfo?> work, Exception otherwise)
    {
        try
        {
            return await work.WaitAsync(Grace, services.Execution.Time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _leftAlone = work;
            return FailureInfo.Of(otherwise);
        }
    }

    public Task CancelPreparationAsync() => _preparing.CancelAsync();

    public Task<(SplitAnswer? Answer, FailureInfo? Failure)> NextSplitAsync(
        SplitRequest request, TimeSpan upTo, CancellationToken cancellationToken) =>
        _coordination!.NextSplitAsync(request, upTo, cancellationToken);

    public async Task<JobEvent> CommitAsync(JobEffect.Commit commit, CancellationToken cancellationToken)
    {
        FailureInfo? failure = _coordination is { } coordination
            ? await CommittingAsync(
                "Committing", token => coordination.CommitAsync(commit.Committables, token), cancellationToken)
            : FailureInfo.Of(new InvalidOperationException("There is nobody to commit the results."));
        cancellationToken.ThrowIfCancellationRequested();
        return failure is null ? new JobEvent.Committed() : new JobEvent.CommitFailed(failure);
    }

    /// <summary>Asks where a checkpoint begins.</summary>
    public async Task<JobEvent> SnapshotSourcesAsync(
        JobEffect.SnapshotSources snapshot, CancellationToken cancellationToken)
    {
        if (_coordination is not { } coordination)
        {
            return new JobEvent.SourcesSnapshotted(snapshot.Checkpoint, [], null);
        }

        (ImmutableArray<SourceSnapshot> sources, FailureInfo? failure) =
            await coordination.SnapshotSourcesAsync(snapshot.Checkpoint, cancellationToken);
        return new JobEvent.SourcesSnapshotted(snapshot.Checkpoint, sources, failure);
    }

    /// <summary>A checkpoint is over.</summary>
    public void SettleSources(JobEffect.SettleSources settle) =>
        _coordination?.SettleSources(settle.Checkpoint, settle.Received);

    /// <summary>Readers begin anew while others read on.</summary>
    public void ResetReaders(JobEffect.ResetReaders reset) =>
        _coordination?.ResetReaders(reset.Attempt, reset.Readers);

    public async Task<JobEvent> CommitCheckpointAsync(
        JobEffect.CommitCheckpoint commit, CancellationToken cancellationToken)
    {
        FailureInfo? failure = _coordination is { } coordination
            ? await CommittingAsync(
                "Committing a checkpoint",
                token => coordination.CommitCheckpointAsync(commit.Committables, token),
                cancellationToken)
            : FailureInfo.Of(new InvalidOperationException("There is nobody to commit the results."));
        cancellationToken.ThrowIfCancellationRequested();
        return new JobEvent.CheckpointCommitted(commit.Checkpoint, failure);
    }

    public async Task<JobEvent> AbortAsync(JobEffect.Abort abort, CancellationToken cancellationToken)
    {
        if (_leftAlone is { } idle && !_onlySourcesLeftAlone && !MayHaveLeftovers)
        {
            LetGoAfter(idle);
            return new JobEvent.Aborted(abort.Round, null);
        }

        if (_leftAlone is { } work && await IsStillAtWorkAsync(work, cancellationToken))
        {
            // Calls of a committer never overlap.
            LetGoAfter(work);
            _hasLeftovers |= abort.GoesOn;
            FailureInfo stays = FailureInfo.Of(new TimeoutException(
                "What writers of the job left behind is not removed: the job's own code (its program, its sinks' "
                + $"committers) has not come back within {services.Options.Value.AbortTimeout} "
                + "(Millrace:Jobs:AbortTimeout) after it was left alone."));
            services.Logger.NotAborted(submission.Job, stays.ToString());
            return new JobEvent.Aborted(abort.Round, stays);
        }

        if (abort.GoesOn)
        {
            _hasLeftovers = true;
            await ReleaseAsync();
            return new JobEvent.Aborted(abort.Round, null);
        }

        return new JobEvent.Aborted(abort.Round, await RemoveAsync(abort, cancellationToken));
    }

    private async Task<FailureInfo?> RemoveAsync(JobEffect.Abort abort, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(services.Options.Value.AbortTimeout, services.Execution.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        FailureInfo? failure = null;
        if (_coordination is null && _hasLeftovers && !abort.MayPrepare)
        {
            failure = FailureInfo.Of(new InvalidOperationException(
                "What writers of the job left behind is not removed: a silo was lost while the job's own code prepared "
                + "or committed on it, and to remove it that code would have to run again."));
        }
        else if (_coordination is null && _hasLeftovers)
        {
            _coordination = New();
            failure = await BoundedAsync(_coordination.PrepareAsync(onlyCommitters: true, either.Token));
        }

        if (_coordination is { } coordination)
        {
            failure ??= await BoundedAsync(abort.Kept?.Metadata is { } kept
                ? coordination.RecoverAsync(kept, either.Token)
                : coordination.AbortAsync(either.Token));
            await ReleaseAsync();
        }

        if (failure is not null)
        {
            services.Logger.NotAborted(submission.Job, failure.ToString());
        }

        return failure;
    }

    // A program that is stuck while it is defined has made no committer: nobody need wait for it to clean up.
    private bool MayHaveLeftovers => _hasLeftovers || _coordination is { HasCommitters: true };

    private async Task<bool> IsStillAtWorkAsync(Task<FailureInfo?> work, CancellationToken cancellationToken)
    {
        // The committers are idle then, and an enumerator is not disposed before it has come back.
        if (!_onlySourcesLeftAlone)
        {
            try
            {
                await work.WaitAsync(
                    services.Options.Value.AbortTimeout, services.Execution.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return true;
            }
        }

        _leftAlone = null;
        _onlySourcesLeftAlone = false;
        return false;
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

    /// <summary>Commits, or prepares for it, for a bounded time. A try that was canceled and came back failed like any
    /// other; one that did not come back is left alone, and nothing further is asked of the committers.</summary>
    private async Task<FailureInfo?> CommittingAsync(
        string what, Func<CancellationToken, Task<FailureInfo?>> work, CancellationToken cancellationToken)
    {
        TimeSpan timeout = services.Options.Value.CommitTimeout;
        using CancellationTokenSource patience = new(timeout, services.Execution.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        Task<FailureInfo?> begun = work(either.Token);
        try
        {
            return await begun.WaitAsync(timeout + Grace, services.Execution.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return await WithinGraceAsync(begun, new CommitIncompleteException(
                $"{what} has not come back within {Grace} after it was told to stop. It is left alone: what it is "
                + "still doing may become visible.",
                Recovery.Fail));
        }
        catch (TimeoutException)
        {
            _leftAlone = begun;
            return FailureInfo.Of(new CommitIncompleteException(
                $"{what} did not end within {timeout} (Millrace:Jobs:CommitTimeout), nor when it was canceled then. It "
                + "is left alone: what it is still doing may become visible.",
                Recovery.Fail));
        }
    }

    // Should it come back one day, the job's code goes with it.
    private void LetGoAfter(Task<FailureInfo?> work)
    {
        if (_coordination is { } coordination)
        {
            _coordination = null;
            _ = services.Execution.RunAsync(async () =>
            {
                try
                {
                    await work;
                }
                finally
                {
                    await coordination.DisposeAsync();
                }
            });
        }
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
