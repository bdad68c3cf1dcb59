using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Execution;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Slots;
using Orleans.Concurrency;

namespace Millrace.Tasks;

/// <summary>The doorbell of this silo's subtasks.</summary>
[SiloPinnedPlacement, Reentrant]
internal sealed class TaskManagerGrain(ITaskHost host, SiloSlots slots, SiloIdentity silo, IExecution execution)
    : Grain, ITaskManagerGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetPrimaryKeyString() == silo.Address
            ? Task.CompletedTask
            : throw new TaskManagerLostException(this.GetPrimaryKeyString());

    Task<TaskManagerStatus> ITaskManagerGrain.GetStatusAsync(CancellationToken cancellationToken) =>
        Task.FromResult(slots.Status());

    Task<ImmutableArray<int>> ITaskManagerGrain.ReserveSlotsAsync(
        JobId job, JobEpoch epoch, int count, CancellationToken cancellationToken) =>
        Task.FromResult(slots.Table.Reserve(job, epoch, count));

    Task<ImmutableArray<SlotStatus>> ITaskManagerGrain.ReleaseSlotsAsync(
        JobId job, JobEpoch epoch, CancellationToken cancellationToken) =>
        Task.FromResult(slots.Release(job, epoch));

    async Task<DeploymentAnswer> ITaskManagerGrain.DeployAsync(
        TaskDeploymentList list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        foreach (int slot in list.Tasks.Select(static task => task.Slot).Distinct())
        {
            slots.Table.RequireHeld(list.Job, list.Epoch, slot);
        }

        DeploymentAnswer answer = new(Failure: null);
        await execution.RunAsync(async () => answer = await BuildAsync(list, cancellationToken));
        return answer;
    }

    Task<ImmutableArray<PartitionId>> ITaskManagerGrain.SendPartitionsAsync(
        PartitionOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Task.FromResult(host.SendPartitions(order).ToImmutableArray());
    }

    Task ITaskManagerGrain.ReleasePartitionsAsync(PartitionOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        host.ReleasePartitions(order);
        return Task.CompletedTask;
    }

    Task ITaskManagerGrain.StartAsync(TaskOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        host.Start(order.Job, order.Epoch, order.Attempts);
        return Task.CompletedTask;
    }

    Task ITaskManagerGrain.TriggerCheckpointAsync(CheckpointOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        host.TriggerCheckpoint(order);
        return Task.CompletedTask;
    }

    Task ITaskManagerGrain.NotifyCheckpointAsync(CheckpointNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        host.NotifyCheckpoint(notice);
        return Task.CompletedTask;
    }

    Task ITaskManagerGrain.GoOnAsync(CheckpointOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        host.GoOn(order);
        return Task.CompletedTask;
    }

    Task ITaskManagerGrain.CancelAsync(TaskOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        host.Cancel(order.Job, order.Epoch, order.Attempts);
        return Task.CompletedTask;
    }

    Task<ImmutableArray<ExecutionAttemptId>> ITaskManagerGrain.CancelOlderAsync(
        JobId job, JobEpoch epoch, CancellationToken cancellationToken)
    {
        ImmutableArray<ExecutionAttemptId> running = RunningOf(job);

        // Also with nothing to stop: from now on the host refuses what older epochs order.
        host.Cancel(job, epoch, running);
        host.ReleasePartitions(job, epoch);
        return Task.FromResult(RunningOf(job));
    }

    Task<ImmutableArray<TaskMetrics>> ITaskManagerGrain.GetMetricsAsync(
        JobId job, CancellationToken cancellationToken) =>
        Task.FromResult(host.MetricsOf(job).ToImmutableArray());

    // Code of the job runs in it: whatever it throws stays on this silo, and is told as text.
    private async Task<DeploymentAnswer> BuildAsync(TaskDeploymentList list, CancellationToken cancellationToken)
    {
        try
        {
            await host.DeployAsync(list, cancellationToken);
            return new DeploymentAnswer(Failure: null);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or StaleEpochException))
        {
            return new DeploymentAnswer(
                FailureInfo.Of(exception, FailurePlace.Unknown with { Silo = silo.Name }),
                (exception as PartitionLostException)?.Partition);
        }
    }

    private ImmutableArray<ExecutionAttemptId> RunningOf(JobId job) =>
    [
        .. host.Running().Select(static task => task.Attempt).Where(attempt => attempt.Job == job),
    ];
}
