using Millrace.Jobs.Master;
using Millrace.Connectors;
using Millrace.Failures;
using Millrace.Jobs.Storage;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>Feeds events to a <see cref="JobMaster"/> and carries out what it says.</summary>
/// <remarks>Lives on the job grain's scheduler: every member is called there, and every wait comes back there, so one
/// step is
/// over before the next begins.</remarks>
internal sealed partial class JobDriver : IDisposable
{
    private static readonly SplitAnswer NotNow = new(SplitAssignmentKind.NotNow, null);

    private readonly JobServices _services;
    private readonly JobMaster _master;
    private readonly SiloOrders _orders;
    private readonly JobRecordWriter _records;
    private readonly JobSide _side;
    private readonly JobTimers _timers;
    private readonly Action _stepDown;
    private readonly Queue<JobEvent> _events = [];
    private readonly HashSet<string> _lost = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly JobEpoch _epoch;
    private CancellationTokenSource _requesting = new();
    private readonly TaskCompletionSource _ended = NewSignal();
    private TaskCompletionSource _changed = NewSignal();
    private long _shownVersion;
    private bool _stepping;

    /// <param name="submission">The job.</param>
    /// <param name="record">Its record, with this epoch in charge.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="grains">The cluster.</param>
    /// <param name="services">What it uses.</param>
    /// <param name="stepDown">Called when it must not act any more.</param>
    public JobDriver(
        JobSubmission submission,
        JobRecord record,
        JobStart start,
        IGrainFactory grains,
        JobServices services,
        Action stepDown)
    {
        _services = services;
        _epoch = record.Epoch;
        _stepDown = stepDown;
        _records = new JobRecordWriter(record, services);
        _timers = new JobTimers(services.Execution, _ending.Token);
        _side = new JobSide(submission, start.IsTakeOver, services);
        _cleaner = new CheckpointCleaner(services.Checkpoints, record.Job, record.Epoch);
        _orders = new SiloOrders(grains, services, record.Job, record.Epoch);
        Submission = submission;
        _master = new JobMaster(
            submission, start, services.Options.Value, services.StopPatience, services.Execution.Time);
        _ = GuardAsync(WatchMembersAsync());
        _ = GuardAsync(WatchMetricsAsync());
    }

    public JobSubmission Submission { get; }

    public JobStatus Status => _master.Status;

    /// <summary>The record of the job once it has ended, or null.</summary>
    public JobRecord? Ended => Status.IsTerminal() ? _records.Current : null;

    public long Version => _master.Version;

    /// <summary>Ends with the job.</summary>
    public Task EndReached => _ended.Task;

    public JobDetails Details => _master.Details();

    public JobOverview Overview() => new(
        Submission.Job,
        Submission.Graph.Name,
        Status,
        _records.Current.SubmittedAt,
        Ended?.EndedAt,
        _master.Graph.Counts,
        Error: null);

    /// <summary>Takes an event, and all that follows from it at once.</summary>
    public void Post(JobEvent happened)
    {
        _events.Enqueue(happened);
        if (_stepping)
        {
            return;
        }

        _stepping = true;
        try
        {
            while (_events.TryDequeue(out JobEvent? next))
            {
                Step(next);
            }
        }
        finally
        {
            _stepping = false;
        }

        if (_master.Version != _shownVersion)
        {
            _shownVersion = _master.Version;
            TaskCompletionSource changed = _changed;
            _changed = NewSignal();
            changed.TrySetResult();
        }
    }

    /// <summary>Ends when the job has changed beyond a version, or ended, or after a while.</summary>
    public async Task WaitAsync(Func<bool> done, TimeSpan upTo, CancellationToken cancellationToken)
    {
        long started = _services.Execution.Time.GetTimestamp();
        while (!done() && !Status.IsTerminal() && !_ending.IsCancellationRequested)
        {
            TimeSpan left = upTo - _services.Execution.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
            await Task.WhenAny(_changed.Task, _services.Execution.DelayAsync(left, patience.Token));
            await patience.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public ReportAnswer Report(TaskReportBatch batch)
    {
        if (IsStale(batch.Epoch))
        {
            return ReportAnswer.Later;
        }

        if (batch.Epoch != _epoch || Status.IsTerminal())
        {
            return ReportAnswer.NotWanted;
        }

        foreach (TaskReport report in batch.Reports)
        {
            if (report.State.IsTerminal())
            {
                _aligned.End(report.Attempt);
            }

            Post(new JobEvent.Reported(report));
        }

        return ReportAnswer.Taken;
    }

    public async Task<SplitAnswer> RequestSplitAsync(SplitRequest request, CancellationToken cancellationToken)
    {
        if (IsStale(request.Epoch))
        {
            return NotNow;
        }

        if (request.Epoch != _epoch)
        {
            throw new StaleEpochException(Submission.Job, request.Epoch, _epoch);
        }

        TimeSpan upTo = _services.Options.Value.SplitWait;
        int round = _master.Round;
        if (!_side.IsReady || !_master.IsRunning || _master.Graph.Find(request.Attempt) is null)
        {
            // It will soon be told to stop.
            await Task.WhenAny(_services.Execution.DelayAsync(upTo, cancellationToken));
            return NotNow;
        }

        (SplitAnswer? answer, FailureInfo? failure) =
            await _side.NextSplitAsync(request, upTo, cancellationToken);
        if (failure is not null)
        {
            Post(new JobEvent.CoordinationFailed(round, failure));
        }

        return answer ?? NotNow;
    }

    /// <summary>Stops acting. Subtasks, slots and the record stay as they are.</summary>
    public void Dispose()
    {
        _services.Meters.Remove(Submission.Job.ToString());

        // What listens to the token may be the job's code, so not here: on the pool.
        _ = GuardAsync(_ending.CancelAsync());
        _ = GuardAsync(_side.DisposeAsync().AsTask());
    }

    /// <summary>After <see cref="Dispose"/>, when the silo gives the job up in an orderly way.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => _records.LeaveAsync(cancellationToken);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A subtask of a newer epoch has come to the wrong activation.
    private bool IsStale(JobEpoch seen)
    {
        if (seen > _epoch)
        {
            Post(new JobEvent.Fenced());
            return true;
        }

        return false;
    }

    private void Step(JobEvent happened)
    {
        JobStatus before = Status;
        try
        {
            foreach (JobEffect effect in _master.Step(happened))
            {
                _ = GuardAsync(DoAsync(effect));
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A mistake in the master: whoever takes over begins from the record.
            _services.Logger.Broken(exception, Submission.Job, happened.GetType().Name);
            _events.Clear();
            StepDown();
        }

        if (Status != before)
        {
            _services.Logger.StatusChanged(Submission.Job, Submission.Graph.Name, before, Status);
        }
    }

    private async Task DoAsync(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.Reconcile:
                await _orders.ReconcileAsync(_ending.Token);
                Post(new JobEvent.Reconciled());
                break;
            case JobEffect.Prepare prepare:
                Post(await _side.PrepareAsync(prepare, _ending.Token));
                break;
            case JobEffect.CancelPreparation:
                await _side.CancelPreparationAsync();
                break;
            case JobEffect.RequestSlots request:
                _requesting = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
                Post(await _orders.RequestSlotsAsync(request, _requesting.Token));
                break;
            case JobEffect.CancelSlotRequest:
                await _requesting.CancelAsync();
                break;
            case JobEffect.Deploy deploy:
                Post(await _orders.DeployAsync(deploy, _ending.Token));
                break;
            case JobEffect.Start start:
                PostIf(await _orders.StartAsync(start, _ending.Token));
                break;
            case JobEffect.Cancel cancel:
                PostIf(await _orders.CancelAsync(cancel, _ending.Token));
                break;
            case JobEffect.SendPartitions send:
                PostIf(await _orders.SendPartitionsAsync(send, _ending.Token));
                break;
            case JobEffect.ReleasePartitions release:
                await _orders.ReleasePartitionsAsync(release, _ending.Token);
                break;
            case JobEffect.ReleaseSlots:
                await _orders.ReleaseSlotsAsync(_ending.Token);
                break;
            case JobEffect.Write write:
                bool written = await _records.WriteAsync(write.Change, _ending.Token);
                Post(written ? new JobEvent.RecordWritten(write.Change.Step) : new JobEvent.Fenced());
                break;
            case JobEffect.Commit commit:
                Post(await _side.CommitAsync(commit, _ending.Token));
                break;
            case JobEffect.Abort abort:
                Post(await AbortAsync(abort));
                break;
            case JobEffect.SetTimer timer:
                if (await _timers.WaitAsync(timer.Timer, timer.Delay))
                {
                    Post(new JobEvent.TimeUp(timer.Timer));
                }

                break;
            case JobEffect.End end:
                await EndAsync(end);
                break;
            case JobEffect.StepDown:
                StepDown();
                break;
            default:
                await DoCheckpointAsync(effect);
                break;
        }
    }

    private async Task EndAsync(JobEffect.End end)
    {
        await _side.ReleaseAsync();
        await EndCheckpointsAsync(end.Checkpoints);
        _ended.TrySetResult();
    }

    private void StepDown()
    {
        Dispose();
        _stepDown();
    }

    private void PostIf(JobEvent? happened)
    {
        if (happened is not null)
        {
            Post(happened);
        }
    }

    private async Task WatchMembersAsync()
    {
        await foreach (ClusterMembershipSnapshot members in
            _services.Membership.MembershipUpdates.WithCancellation(_ending.Token))
        {
            foreach ((string silo, string name) in _master.Silos.ToArray())
            {
                SiloAddress address = SiloAddress.FromParsableString(silo);
                if (members.GetSiloStatus(address) == SiloStatus.Dead && _lost.Add(silo))
                {
                    Post(new JobEvent.SiloLost(silo, name));
                }
            }
        }
    }

    private async Task WatchMetricsAsync()
    {
        while (!Status.IsTerminal())
        {
            await _services.Execution.DelayAsync(_services.Options.Value.MetricsInterval, _ending.Token);
            if (_master.IsRunning)
            {
                foreach (TaskMetrics metrics in await _orders.MetricsAsync(_master.Graph.Silos, _ending.Token))
                {
                    _master.Observe(metrics);
                }
            }
        }
    }

    // Everything that is started is seen to its end here.
    private async Task GuardAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _services.Logger.Broken(exception, Submission.Job, "an effect");
            StepDown();
        }
    }
}
