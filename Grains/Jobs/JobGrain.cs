using Millrace.Checkpointing.Statistics;
using Millrace.Checkpointing;
using Millrace.Jobs.Master;
using Millrace.Connectors;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs.Storage;
using Millrace.Tasks;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Millrace.Jobs;

/// <summary>Runs one job, or shows one that has ended.</summary>
[KeepAlive, Reentrant, Immovable]
internal sealed class JobGrain(JobServices services) : Grain, IJobGrain, IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private JobDriver? _driver;
    private JobRecord? _ended;

    private JobId Job => JobId.Parse(this.GetPrimaryKeyString());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_driver is { } driver)
        {
            driver.Dispose();
            await driver.LeaveAsync(cancellationToken);
        }
    }

    public void Dispose() => _loading.Dispose();

    async Task IJobGrain.StartAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (submission.Job != Job)
        {
            throw new ArgumentException(
                $"Job {submission.Job} was sent to the grain of job {Job}.", nameof(submission));
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_driver is not null || _ended is not null)
            {
                return;
            }

            // Refused here, nothing of it is left. Submitted again, it may have claimed its savepoint already.
            bool begins = submission.Restore is null
                || await services.Records.ReadAsync(Job, cancellationToken) is null;
            CheckpointMetadata? from = begins
                ? await services.Savepoints.OpenAsync(submission, cancellationToken)
                : null;
            JobRecord record = JobRecord.New(
                submission, services.Silo.Display, services.Execution.Time.GetUtcNow());
            if (await services.Records.TryCreateAsync(submission, record, cancellationToken))
            {
                Drive(submission, record, new JobEvent.Begun(), from);
                return;
            }

            await LoadAsync(cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    async Task<JobStatus> IJobGrain.EnsureRunningAsync(CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        return _ended?.Status ?? _driver!.Status;
    }

    async Task<JobOverview> IJobGrain.GetOverviewAsync(CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        return _ended?.Overview() ?? _driver!.Overview();
    }

    async Task<JobDetails> IJobGrain.GetDetailsAsync(CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        return Details();
    }

    async Task<CheckpointHistory> IJobGrain.GetCheckpointsAsync(CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        return _driver?.Checkpoints ?? new CheckpointHistory(_ended!.Details?.Checkpoints, []);
    }

    async Task<CheckpointStatistics?> IJobGrain.GetCheckpointAsync(long number, CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        return _driver?.FindCheckpoint(number);
    }

    async Task<JobDetails> IJobGrain.WaitForChangeAsync(
        long knownVersion, TimeSpan upTo, CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        if (_driver is { } driver)
        {
            await driver.WaitAsync(() => driver.Version != knownVersion, Bounded(upTo), cancellationToken);
        }

        return Details();
    }

    async Task<JobResult?> IJobGrain.WaitForResultAsync(TimeSpan upTo, CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        if (_driver is { } driver)
        {
            await driver.WaitAsync(static () => false, Bounded(upTo), cancellationToken);
        }

        return (_ended ?? _driver?.Ended)?.Result();
    }

    async Task<JobGraph> IJobGrain.GetPlanAsync(CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        return _driver?.Submission.Graph
            ?? (await services.Records.ReadSubmissionAsync(Job, cancellationToken)).Graph;
    }

    async Task IJobGrain.CancelAsync(CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        _driver?.Post(new JobEvent.CancelAsked());
    }

    async Task<SavepointProgress> IJobGrain.SavepointAsync(
        SavepointRequest request, TimeSpan upTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await EnsureLoadedAsync(cancellationToken);
        return _driver is { } driver
            ? await driver.SavepointAsync(request, Bounded(upTo), cancellationToken)
            : _ended!.ProgressOf(request.Id);
    }

    async Task<JobGraph> IJobGrain.PlanForAsync(int parallelism, CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        JobSubmission submission = _driver?.Submission
            ?? await services.Records.ReadSubmissionAsync(Job, cancellationToken);
        return await PlanAnew.OfAsync(submission, parallelism, services, cancellationToken);
    }

    async Task<JobSubmission> IJobGrain.GetSubmissionAsync(CancellationToken cancellationToken)
    {
        await EnsureLoadedAsync(cancellationToken);
        return _driver?.Submission ?? await services.Records.ReadSubmissionAsync(Job, cancellationToken);
    }

    async Task<ReportAnswer> IJobGrain.ReportAsync(TaskReportBatch reports, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reports);
        await EnsureLoadedAsync(cancellationToken);
        return _driver?.Report(reports) ?? ReportAnswer.NotWanted;
    }

    async Task<SplitAnswer> IJobGrain.RequestSplitAsync(SplitRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await EnsureLoadedAsync(cancellationToken);
        return _driver is { } driver
            ? await driver.RequestSplitAsync(request, cancellationToken)
            : throw new StaleEpochException(Job, request.Epoch, _ended!.Epoch);
    }

    async Task<long> IJobGrain.AlignAsync(AlignmentReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await EnsureLoadedAsync(cancellationToken);
        return _driver is { } driver
            ? driver.Align(report)
            : throw new StaleEpochException(Job, report.Epoch, _ended!.Epoch);
    }

    private static TimeSpan Bounded(TimeSpan upTo) => upTo < IJobGrain.LongestWait ? upTo : IJobGrain.LongestWait;

    private JobDetails Details() => _driver?.Details ?? _ended!.Details
        ?? throw new JobRecordCorruptedException(Job.ToString(), "it has ended without details.");

    private async Task EnsureLoadedAsync(CancellationToken cancellationToken)
    {
        if (_driver is not null || _ended is not null)
        {
            return;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_driver is null && _ended is null)
            {
                await LoadAsync(cancellationToken);
            }
        }
        catch
        {
            // Nothing is kept of a job that could not be loaded.
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            JobRecord record = await services.Records.ReadAsync(Job, cancellationToken)
                ?? throw new JobNotFoundException(Job);
            if (record.Status.IsTerminal())
            {
                _ended = record;
                LeaveLater();
                return;
            }

            JobSubmission submission = await services.Records.ReadSubmissionAsync(Job, cancellationToken);
            JobRecord mine = record.TakenOverBy(services.Silo.Display);
            if (await services.Records.TryWriteAsync(mine, cancellationToken))
            {
                services.Logger.TakenOver(Job, record.Name, mine.Epoch, record.Owner);
                FailureInfo loss = FailureInfo.Of(new JobGrainLostException(record.Owner));
                Drive(
                    submission,
                    mine,
                    new JobEvent.TakenOver(loss, record.Outcome, record.Details, record.Failure));
                return;
            }
        }
    }

    private void Drive(
        JobSubmission submission, JobRecord record, JobEvent first, CheckpointMetadata? from = null)
    {
        JobStart start = new(
            record.Epoch,
            record.SubmittedAt,
            first is JobEvent.TakenOver,
            record.Attempt,
            record.Restarts,
            record.Checkpoints,
            from,
            record.Savepoint,
            record.OpenSavepoints,
            record.LostPreparing,
            record.LostCommitting);
        _driver = new JobDriver(submission, record, start, GrainFactory, services, StepDown);
        _driver.Post(first);
        _ = LeaveAfterEndAsync(_driver);
    }

    private async Task LeaveAfterEndAsync(JobDriver driver)
    {
        await driver.EndReached;
        LeaveLater();
    }

    private void LeaveLater() => this.RegisterGrainTimer(
        _ =>
        {
            DeactivateOnIdle();
            return Task.CompletedTask;
        },
        new GrainTimerCreationOptions(services.Options.Value.EndedGrainStays, Timeout.InfiniteTimeSpan));

    private void StepDown()
    {
        services.Logger.SteppedDown(Job, _driver?.Details.Epoch ?? JobEpoch.None);
        DeactivateOnIdle();
    }
}
