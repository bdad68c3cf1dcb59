using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Jobs.Coordination;
using Millrace.Jobs.Executions;
using Millrace.Jobs.Master;
using Millrace.Jobs.Storage;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Simulation;

/// <summary>A job master and several silos in one thread, without Orleans: the plain classes behind the
/// grains.</summary>
/// <remarks>Each order of the job master is carried out later and at its own time; each report travels as long as it
/// likes.</remarks>
#pragma warning disable CA1001 // What it owns is given back at the end of Run.
internal sealed partial class SimulatedCluster : ITaskReporter
#pragma warning restore CA1001
{
    private readonly SimulatedExecution _simulation;
    private readonly List<SimulatedSilo> _silos = [];
    private readonly Dictionary<ExecutionAttemptId, Queue<TaskReport>> _reports = [];
    private readonly JobId _job;
    private readonly JobMaster _master;
    private readonly JobSubmission _submission;
    private readonly SimulatedPrograms _programs;
    private readonly SimulatedShape _shape;
    private readonly Dictionary<(ExecutionAttemptId Attempt, OperatorId Source), long> _splits = [];
    private readonly JobEpoch _epoch;
    private readonly SimulatedCluster? _before;
    private readonly int _firstSilo;
    private JobCoordination _coordination;
    private bool _hasPrepared;
    private bool _stopped;

    /// <param name="simulation">Decides everything.</param>
    /// <param name="silos">How many.</param>
    /// <param name="parallelism">Default parallelism of the program.</param>
    /// <param name="define">The program.</param>
    /// <param name="shape">Slots, what a silo keeps in memory, and how often lost work is done again.</param>
    public SimulatedCluster(
        SimulatedExecution simulation,
        int silos,
        int parallelism,
        Action<StreamExecutionEnvironment> define,
        SimulatedShape? shape = null)
        : this(
            simulation,
            SubmissionOf(simulation, parallelism, define, (shape ?? new SimulatedShape()).Exchange),
            new JobStart(JobEpoch.None.Next(), simulation.Time.GetUtcNow()),
            new SimulatedPrograms(define),
            shape ?? new SimulatedShape(),
            silos)
    {
    }

    private SimulatedCluster(
        SimulatedExecution simulation,
        JobSubmission submission,
        JobStart start,
        SimulatedPrograms programs,
        SimulatedShape shape,
        int silos,
        SimulatedCluster? former = null)
    {
        _shape = shape;
        _simulation = simulation;
        _submission = submission;
        _job = submission.Job;
        _epoch = start.Epoch;
        _before = start.IsTakeOver ? former : null;
        _master = new JobMaster(
            submission,
            start,
            new JobOptions { MaxReruns = _shape.MaxReruns, FailoverStrategy = _shape.Failover },
            new TaskHostOptions().CancellationTimeout,
            simulation.Time);
        _programs = programs;
        _coordination = new JobCoordination(submission, _programs, simulation);
        Checkpoints = former?.Checkpoints ?? new SimulatedCheckpoints(
            simulation, _shape.CheckpointFailures, _shape.CheckpointDelay);
        _store = new CheckpointStore(Checkpoints, simulation, NullLogger<CheckpointStore>.Instance);
        _cleaner = new CheckpointCleaner(_store, submission.Job, _epoch);
        _firstSilo = former is null ? 0 : former._firstSilo + former._silos.Count;
        for (int i = 0; i < silos; i++)
        {
            _silos.Add(new SimulatedSilo(
                simulation, _firstSilo + i, _programs, this, Checkpoints, _shape));
        }
    }

    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    /// <summary>What decides everything.</summary>
    public SimulatedExecution Simulation => _simulation;

    /// <summary>Slots given up with a subtask that did not end in time.</summary>
    public int SlotsLost { get; private set; }

    /// <summary>Status of the job.</summary>
    public JobStatus Status => _master.Status;

    /// <summary>All there is to show about the job.</summary>
    public JobDetails Details => _master.Details();

    /// <summary>Whether all its subtasks are running, but for those that had nothing to do.</summary>
    public bool IsAtWork =>
        _master.Graph.All.All(static one => one.State is ExecutionState.Running or ExecutionState.Finished)
        && _master.Graph.All.Any(static one => one.State == ExecutionState.Running);

    /// <summary>What the job left.</summary>
    public JobOutcome? Outcome { get; private set; }

    /// <summary>Why it failed.</summary>
    public FailureInfo? Failure { get; private set; }

    /// <summary>Runs the job to its end and stops the silos.</summary>
    /// <param name="until">Something to wait for first, and what to do then.</param>
    public void Run((Func<bool> Condition, Action Then)? until = null)
    {
        BeginOnce();
        if (until is var (condition, then))
        {
            _simulation.RunUntil(() => condition() || _master.Status.IsTerminal());
            then();
        }

        _simulation.RunUntil(() => _master.Status.IsTerminal());
        _simulation.RunUntil(() => _silos.TrueForAll(silo =>
            silo.IsLost || (silo.Host.Running().Count == 0 && silo.Partitions == default)));
        _simulation.RunUntil(() => _before is null
            || _before._silos.TrueForAll(silo => silo.IsLost || silo.Host.Running().Count == 0));
        _simulation.RunUntil(() => (_isCleaned && _removals == 0) || _master.Status == JobStatus.Suspended);
        Later(() => _ = StopAsync());
        _simulation.RunUntil(() => _stopped);
    }

    public void Report(JobId job, JobEpoch epoch, TaskReport report)
    {
        // In order per subtask, but each at its own pace.
        if (!_reports.TryGetValue(report.Attempt, out Queue<TaskReport>? queue))
        {
            _reports.Add(report.Attempt, queue = new Queue<TaskReport>());
        }

        InFlightBytes += report.Checkpoint?.InFlightBytes ?? 0;
        queue.Enqueue(Declined(report));
        Later(() =>
        {
            TaskReport told = queue.Dequeue();
            EndAligned(told);
            Tell(new JobEvent.Reported(told));
        });
    }

    public void SlotLost(JobId job, JobEpoch epoch, ExecutionAttemptId attempt, int slot) => SlotsLost++;

    private async Task StopAsync()
    {
        for (SimulatedCluster? cluster = this; cluster is not null; cluster = cluster._before)
        {
            await cluster._coordination.DisposeAsync();
            foreach (SimulatedSilo silo in cluster._silos)
            {
                await silo.DisposeAsync();
            }
        }

        _stopped = true;
    }

    private void Tell(JobEvent happened)
    {
        _simulation.Note(happened.GetType().Name);
        foreach (JobEffect effect in _master.Step(happened))
        {
            _simulation.Note($"-> {effect.GetType().Name}");
            Perform(effect);
        }
    }

    private void Perform(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.Prepare prepare:
                Later(() => _ = PrepareAsync(prepare));
                break;
            case JobEffect.RequestSlots request:
                Later(() => Tell(new JobEvent.SlotsGranted(request.Round, Slots(request.Demand))));
                break;
            case JobEffect.Deploy deploy:
                Later(() => _ = DeployAsync(deploy));
                break;
            case JobEffect.Start start:
                Later(() => Start(start, again: false));
                break;
            case JobEffect.Cancel cancel:
                At(cancel.Silo, host => host.Cancel(_job, _epoch, cancel.Attempts));
                break;
            case JobEffect.SendPartitions send:
                At(send.Silo, host => Send(host, send));
                break;
            case JobEffect.ReleasePartitions release:
                At(release.Silo, host => host.ReleasePartitions(release.Order));
                break;
            case JobEffect.ReleaseSlots:
                _silos.ForEach(silo => At(
                    silo.Address, host => host.ReleasePartitions(_job, _epoch)));
                break;
            case JobEffect.Reconcile:
                Later(() => Reconcile());
                break;
            case JobEffect.Write write:
                Write(write.Change);
                break;
            case JobEffect.StepDown:
                Later(() => _ = _coordination.DisposeAsync().AsTask());
                break;
            case JobEffect.Commit commit:
                Later(() => _ = CommitAsync(commit));
                break;
            case JobEffect.Abort abort:
                Later(() => _ = AbortAsync(abort));
                break;
            case JobEffect.SnapshotSources or JobEffect.SettleSources or JobEffect.TriggerCheckpoint:
            case JobEffect.StoreCheckpoint or JobEffect.CommitCheckpoint or JobEffect.ReadCheckpoint:
            case JobEffect.CleanCheckpoints or JobEffect.NoteCheckpoint or JobEffect.NotifyCheckpoint or JobEffect.End:
            case JobEffect.ResetReaders or JobEffect.MarkCommitted:
                PerformCheckpoint(effect);
                break;
            case JobEffect.StoreSavepoint or JobEffect.DiscardSavepoint or JobEffect.GoOn:
            case JobEffect.ReadRestored or JobEffect.RemoveClaimed:
                PerformSavepoint(effect);
                break;
            case JobEffect.NoteRestart note:
                _restartNotes.Add(note);
                break;
            case JobEffect.SetTimer timer:
                _simulation.After(timer.Delay, () => Tell(new JobEvent.TimeUp(timer.Timer)));
                break;
            default:
                break;
        }
    }

    // An order whose answer was lost is given again: each is given twice here.
    private void Start(JobEffect.Start start, bool again)
    {
        if (SiloAt(start.Silo).IsLost)
        {
            return;
        }

        try
        {
            SiloAt(start.Silo).Host.Start(_job, _epoch, start.Attempts);
        }
        catch (UnknownAttemptException) when (again || _after is not null)
        {
            // It has ended since.
        }
        catch (UnknownAttemptException exception)
        {
            Tell(new JobEvent.StartFailed(start.Round, FailureInfo.Of(exception), start.Attempts));
            return;
        }
        catch (StaleEpochException)
        {
            Tell(new JobEvent.Fenced());
            return;
        }

        if (!again)
        {
            Later(() => Start(start, again: true));
        }
    }

    private async Task PrepareAsync(JobEffect.Prepare prepare)
    {
        _hasPrepared = true;
        if (prepare.Round > 0)
        {
            await _coordination.DisposeAsync();
            _coordination = new JobCoordination(_submission, _programs, _simulation);
        }

        FailureInfo? failure = prepare.From is { } from
            ? await _coordination.ResumeAsync(from, CancellationToken.None)
            : await _coordination.PrepareAsync(prepare.ToCommit, CancellationToken.None);
        failure ??= prepare.ToCommit ? null : await _coordination.StartSourcesAsync(CancellationToken.None);
        Tell(failure is null
            ? new JobEvent.Prepared(prepare.Round, _coordination.HasCommitters)
            : new JobEvent.PreparationFailed(prepare.Round, failure));
    }

    private async Task CommitAsync(JobEffect.Commit commit)
    {
        FailureInfo? failure = await _coordination.CommitAsync(commit.Committables, CancellationToken.None);
        Tell(failure is null ? new JobEvent.Committed() : new JobEvent.CommitFailed(failure));
    }

    private async Task AbortAsync(JobEffect.Abort abort)
    {
        FailureInfo? failure = null;
        if (!abort.GoesOn)
        {
            if (!_hasPrepared && _before is not null)
            {
                failure = await _coordination.PrepareAsync(onlyCommitters: true, CancellationToken.None);
            }

            failure ??= abort.Kept is { } kept
                ? await _coordination.RecoverAsync(
                    kept.Metadata ?? await _store.ReadAsync(_job, kept.Reference, CancellationToken.None),
                    CancellationToken.None)
                : await _coordination.AbortAsync(CancellationToken.None);
        }

        Tell(new JobEvent.Aborted(abort.Round, failure));
    }

    private async Task DeployAsync(JobEffect.Deploy deploy)
    {
        if (SiloAt(deploy.Silo) is { IsLost: true } lost)
        {
            Tell(new JobEvent.SiloLost(lost.Address, lost.Name));
            return;
        }

        try
        {
            await SiloAt(deploy.Silo).Host.DeployAsync(deploy.List, CancellationToken.None);
            if (SiloAt(deploy.Silo) is { IsLost: true, Host: var host })
            {
                // Built by a process that is dead: nothing of it may be left.
                host.Cancel(_job, _epoch, deploy.Attempts);
                return;
            }

            Later(() => Tell(new JobEvent.Deployed(deploy)));
        }
        catch (StaleEpochException)
        {
            Tell(new JobEvent.Fenced());
        }
        catch (StreamingException exception)
        {
            Tell(new JobEvent.DeploymentFailed(deploy, FailureInfo.Of(exception), NothingBuilt: true,
                (exception as PartitionLostException)?.Partition));
        }
    }

    private void Send(TaskHost host, JobEffect.SendPartitions send)
    {
        ImmutableArray<PartitionId> missing = [.. host.SendPartitions(send.Order)];
        if (!missing.IsEmpty)
        {
            Later(() => Tell(new JobEvent.PartitionsMissing(
                missing, FailureInfo.Of(new PartitionLostException(missing[0], "it is not there any more")))));
        }
    }

    private void At(string address, Action<TaskHost> order) => Later(() =>
    {
        SimulatedSilo silo = SiloAt(address);
        if (!silo.IsLost)
        {
            try
            {
                order(silo.Host);
            }
            catch (StaleEpochException)
            {
                Tell(new JobEvent.Fenced());
            }
        }
    });

    private ImmutableArray<GrantedSlot> Slots(ImmutableArray<SlotDemand> demand)
    {
        SimulatedSilo[] alive = [.. _silos.Where(silo => !silo.IsLost)];
        int slots = Math.Min(demand.Sum(group => group.Slots), _shape.Slots ?? int.MaxValue);
        return
        [
            .. Enumerable.Range(0, slots).Select(i => new GrantedSlot(
                alive[i % alive.Length].Endpoint, alive[i % alive.Length].Name, i / alive.Length)),
        ];
    }

    private SimulatedSilo SiloAt(string address) => _silos.Find(silo => silo.Address == address)
        ?? throw new InvalidOperationException($"There is no silo {address}.");

    private void Later(Action step) =>
        _simulation.After(TimeSpan.FromMicroseconds(10 + _simulation.Next(3_000)), step);
}
