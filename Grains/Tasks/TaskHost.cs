using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Millrace.Batches;
using Millrace.Checkpointing;
using Millrace.Execution;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Metrics;
using Millrace.Network.Exchange;
using Millrace.Operators;
using Millrace.Programs;
using Millrace.Tasks.Checkpointing;
using Millrace.Tasks.Checkpointing.Copies;
using Millrace.Tasks.Metering;
using Millrace.UserCode;

namespace Millrace.Tasks;

/// <summary>The subtasks of one silo. The truth about them, behind grains that hold nothing.</summary>
internal sealed class TaskHost(TaskHostEnvironment environment, ILogger<TaskHost> logger) : ITaskHost
{
    private readonly ConcurrentDictionary<ExecutionAttemptId, SubtaskRunner> _subtasks = new();
    private readonly EpochFence _fence = new();
    private readonly ReadThreads _readThreads = new(environment.Execution);
    private readonly Lock _gate = new();
    private long _failures;

    // Under the gate: an attempt is being built, or it is here, or it is unknown; never two of these.
    private readonly Dictionary<ExecutionAttemptId, CancellationTokenSource> _building = [];

    /// <summary>Batches rented and not given back, over all subtasks.</summary>
    public BatchAccount Batches { get; } = new();

    public string Exchange => environment.Network.EndPoint?.ToString() ?? "";

    /// <summary>What is kept of checkpoints on the silo's disk, and read there; null for nothing.</summary>
    public SiloCheckpointStorage? Local => environment.Local;

    /// <summary>Subtasks that have not ended.</summary>
    public int Count => _subtasks.Count(pair => !pair.Value.HasEnded);

    /// <summary>Subtasks that have failed so far.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    private IExecution Execution => environment.Execution;

    public async Task DeployAsync(TaskDeploymentList list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        _fence.Pass(list.Job, list.Epoch);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Announce(list, stop);
        try
        {
            await BuildAsync(list, stop.Token);
        }
        finally
        {
            Forget(list);
        }
    }

    public void Start(JobId job, JobEpoch epoch, IReadOnlyList<ExecutionAttemptId> attempts)
    {
        _fence.Pass(job, epoch);
        List<SubtaskRunner> subtasks = [];
        foreach (ExecutionAttemptId attempt in attempts)
        {
            subtasks.Add(_subtasks.TryGetValue(attempt, out SubtaskRunner? subtask)
                ? subtask
                : throw new UnknownAttemptException(attempt, environment.SiloName));
        }

        subtasks.ForEach(subtask => subtask.Start());
    }

    public void TriggerCheckpoint(CheckpointOrder order)
    {
        _fence.Pass(order.Job, order.Epoch);
        foreach (ExecutionAttemptId attempt in order.Attempts)
        {
            if (_subtasks.TryGetValue(attempt, out SubtaskRunner? subtask))
            {
                subtask.TriggerCheckpoint(order.Checkpoint, order.Savepoint);
            }
        }
    }

    public void GoOn(CheckpointOrder order)
    {
        _fence.Pass(order.Job, order.Epoch);
        foreach (ExecutionAttemptId attempt in order.Attempts)
        {
            if (_subtasks.TryGetValue(attempt, out SubtaskRunner? subtask))
            {
                subtask.Post(() => subtask.Cut.GoOn(order.Checkpoint));
            }
        }
    }

    public void NotifyCheckpoint(CheckpointNotice notice)
    {
        _fence.Pass(notice.Job, notice.Epoch);
        foreach (ExecutionAttemptId attempt in notice.Attempts)
        {
            if (_subtasks.TryGetValue(attempt, out SubtaskRunner? subtask))
            {
                subtask.NotifyCheckpoint(notice.Completed, notice.Ended);
            }
        }
    }

    public void Cancel(JobId job, JobEpoch epoch, IReadOnlyList<ExecutionAttemptId> attempts)
    {
        _fence.Pass(job, epoch);
        foreach (ExecutionAttemptId attempt in attempts)
        {
            if (FindToCancel(attempt) is not SubtaskRunner subtask)
            {
                environment.Reporter.Report(
                    job, epoch, new TaskReport(attempt, ExecutionState.Canceled, Failure: null, Result: null));
                continue;
            }

            subtask.Cancel();
            _ = Execution.RunAsync(() => GiveUpAsync(subtask));
        }
    }

    public IReadOnlyList<PartitionId> SendPartitions(PartitionOrder order)
    {
        _fence.Pass(order.Job, order.Epoch);
        return environment.Network.Stages.Send(order, ExchangeEndPoint.Parse, (consumer, exception) =>
            environment.Reporter.Report(order.Job, order.Epoch, new TaskReport(
                consumer,
                ExecutionState.Failed,
                FailureInfo.Of(exception, FailurePlace.Unknown with { Silo = environment.SiloName }),
                Result: null,
                LostPartition: (exception as PartitionLostException)?.Partition)));
    }

    public void ReleasePartitions(PartitionOrder order)
    {
        _fence.Pass(order.Job, order.Epoch);
        environment.Network.Stages.Release(order.Partitions);
    }

    public void ReleasePartitions(JobId job, JobEpoch epoch) => environment.Network.Stages.Release(job, epoch);

    public IReadOnlyList<JobId> JobsWithPartitions() => environment.Network.Stages.Jobs();

    public IReadOnlyList<JobId> JobsWithCopies() => Local?.Copies?.Jobs() ?? [];

    public void ReleaseCopies(JobId job) => Local?.Copies?.Forget(job);

    public IReadOnlyList<TaskMetrics> MetricsOf(JobId job) =>
        [.. _subtasks.Where(pair => pair.Key.Job == job).Select(pair => pair.Value.Metrics())];

    public IReadOnlyList<TaskMetrics> Running() =>
        [.. _subtasks.Values.Where(subtask => !subtask.HasEnded).Select(subtask => subtask.Metrics())];

    public ImmutableArray<EdgeMetrics> EdgesOf(ExecutionAttemptId attempt) =>
        _subtasks.TryGetValue(attempt, out SubtaskRunner? subtask) ? subtask.Meter?.Edges() ?? [] : [];

    /// <summary>What the instruments show of subtasks that have not ended.</summary>
    public IReadOnlyList<SubtaskReading> Readings() =>
    [
        // Not its values: they are copied under all its locks.
        .. _subtasks.Where(pair => !pair.Value.HasEnded)
            .Select(pair => pair.Value.Meter)
            .OfType<SubtaskMeter>()
            .Select(meter => meter.Reading()),
    ];

    private async Task BuildAsync(TaskDeploymentList list, CancellationToken cancellationToken)
    {
        IJobCode code = await environment.Programs.LoadAsync(list.Job, list.Program, cancellationToken);
        List<SubtaskRunner> built = [];
        try
        {
            // What is read may be much, and Define is user code and may take its time: not on the caller's scheduler.
            await Execution.RunAsync(async () =>
            {
                await BuildAllAsync(list, code, built, cancellationToken);
                using RestoredTasks restored = await RestoredTasks.ReadAsync(
                    list,
                    built.Where(static subtask => subtask.SharesItems)
                        .Select(static subtask => subtask.Info.Attempt.Vertex).ToHashSet(),
                    environment.Checkpoints,
                    _readThreads,
                    environment.State.CreateRestored(list.Graph.Settings.State),
                    cancellationToken);
                built.ForEach(subtask => subtask.Restore(restored));
            });
            Keep(list, built, cancellationToken);
        }
        catch
        {
            built.ForEach(subtask => subtask.Abandon());
            _ = ReleaseAsync(built, code);
            throw;
        }

        logger.Deployed(list.Job, built.Count, list.JobName);
        _ = ReleaseAsync(built, code);
    }

    private void Announce(TaskDeploymentList list, CancellationTokenSource stop)
    {
        lock (_gate)
        {
            foreach (TaskDeployment task in list.Tasks)
            {
                _building[task.Attempt] = stop;
            }
        }
    }

    // Whoever took over while it was built has seen nothing of it, and must not find it later.
    private void Keep(TaskDeploymentList list, List<SubtaskRunner> built, CancellationToken stop)
    {
        lock (_gate)
        {
            stop.ThrowIfCancellationRequested();
            _fence.Pass(list.Job, list.Epoch);
            foreach (SubtaskRunner subtask in built)
            {
                _subtasks[subtask.Info.Attempt] = subtask;
            }
        }
    }

    private void Forget(TaskDeploymentList list)
    {
        lock (_gate)
        {
            foreach (TaskDeployment task in list.Tasks)
            {
                _building.Remove(task.Attempt);
            }
        }
    }

    // One that is being built is not kept, nor are those it is built with: a deployment is all or nothing.
    private SubtaskRunner? FindToCancel(ExecutionAttemptId attempt)
    {
        lock (_gate)
        {
            if (_building.TryGetValue(attempt, out CancellationTokenSource? stop))
            {
                stop.Cancel();
            }

            return _subtasks.GetValueOrDefault(attempt);
        }
    }

    private async Task BuildAllAsync(
        TaskDeploymentList list, IJobCode code, List<SubtaskRunner> built, CancellationToken cancellationToken)
    {
        var locations = new TaskLocations(list, environment.Silo);
        var arguments = JobArguments.Parse(list.Arguments);
        foreach (TaskDeployment task in list.Tasks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var info = new SubtaskInfo(
                task.Attempt,
                list.Epoch,
                list.JobName,
                list.Graph.Vertex(task.Attempt.Vertex),
                task.Slot,
                arguments,
                list.Graph.Settings.WorkingDirectory,
                environment.SiloName)
            {
                TakesCheckpoints = !list.Graph.RunsInStages,
            };
            StreamGraph program = await code.DefineAsync(arguments, Execution, cancellationToken);
            GraphShape.RequireSame(program, list.Graph);
            var subtask = new SubtaskRunner(
                info,
                new RoundClock(Execution.Time),
                list.Graph.Settings,
                environment)
            {
                Failing = Failing,
            };
            subtask.Register();
            built.Add(subtask);
            subtask.Attach(ChainBuilder.Build(
                new ChainEnvironment(
                    info, list.Graph, program, locations, environment.Network, code.Serializers, Batches, subtask)
                {
                    Cut = subtask.Cut,
                    State = environment.State,
                },
                subtask.Clock));
        }
    }

    // On its loop.
    private void Failing(SubtaskRunner subtask)
    {
        Interlocked.Increment(ref _failures);
        _ = Execution.RunAsync(() => GiveUpAsync(subtask));
    }

    // The job's code stays loaded as long as one of its subtasks is here.
    private async Task ReleaseAsync(List<SubtaskRunner> subtasks, IJobCode code)
    {
        await Task.WhenAll(subtasks.Select(EndOfAsync));
        code.Dispose();
    }

    private async Task EndOfAsync(SubtaskRunner subtask)
    {
        try
        {
            await subtask.Completion;
        }
#pragma warning disable CA1031 // A loop reports its own failures; this one broke while doing so.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LoopBroke(exception, subtask.Name);
            environment.Reporter.Report(
                subtask.Info.Attempt.Job,
                subtask.Info.Epoch,
                new TaskReport(subtask.Info.Attempt, ExecutionState.Failed, FailureInfo.Of(exception), Result: null));
        }
        finally
        {
            _subtasks.TryRemove(KeyValuePair.Create(subtask.Info.Attempt, subtask));
        }
    }

    private async Task GiveUpAsync(SubtaskRunner subtask)
    {
        using var ended = new CancellationTokenSource();
        Task timeout = Execution.DelayAsync(environment.Options.CancellationTimeout, ended.Token);
        if (await Task.WhenAny(subtask.Completion, timeout) != timeout)
        {
            ended.Cancel();
            return;
        }

        ExecutionAttemptId attempt = subtask.Info.Attempt;
        logger.GivenUp(subtask.Name, environment.Options.CancellationTimeout, subtask.Info.Slot);
        if (_subtasks.TryRemove(KeyValuePair.Create(attempt, subtask)))
        {
            if (subtask.Failure is FailureInfo failure)
            {
                environment.Reporter.Report(
                    attempt.Job,
                    subtask.Info.Epoch,
                    new TaskReport(attempt, ExecutionState.Failed, failure, Result: null));
            }

            environment.Reporter.SlotLost(attempt.Job, subtask.Info.Epoch, attempt, subtask.Info.Slot);
        }
    }
}
