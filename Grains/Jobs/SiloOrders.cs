using System.Collections.Immutable;
using Millrace.Jobs.Master;
using Millrace.Failures;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>Carries the orders of one epoch of a job to silos and the resource manager. What comes of them is returned
/// as
/// events.</summary>
internal sealed class SiloOrders(IGrainFactory grains, JobServices services, JobId job, JobEpoch epoch)
{
    // By then the silo is declared dead, or the job has given up waiting for it.
    private static readonly TimeSpan RepeatFor = TimeSpan.FromMinutes(2);

    public async Task<JobEvent> DeployAsync(JobEffect.Deploy order, CancellationToken cancellationToken)
    {
        try
        {
            DeploymentAnswer answer = await grains.TaskManager(order.Silo).DeployAsync(order.List, cancellationToken);
            return answer.Failure is null
                ? new JobEvent.Deployed(order)
                : new JobEvent.DeploymentFailed(
                    order, answer.Failure, NothingBuilt: true, answer.LostPartition);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return EventOf(exception, order.Silo)
                ?? new JobEvent.DeploymentFailed(
                    order, FailureInfo.Of(exception), NothingBuilt: !GrainCalls.MayHelpToRepeat(exception));
        }
    }

    public async Task<JobEvent?> StartAsync(JobEffect.Start order, CancellationToken cancellationToken)
    {
        try
        {
            TaskOrder start = new(job, epoch, order.Attempts);
            int tries = 0;
            await RepeatAsync(order.Silo, silo => StartOnAsync(silo, ++tries > 1), cancellationToken);
            return null;

            async Task StartOnAsync(ITaskManagerGrain silo, bool again)
            {
                try
                {
                    await silo.StartAsync(start, cancellationToken);
                }
                catch (UnknownAttemptException) when (again)
                {
                    // The order whose answer was lost was carried out, and a subtask has ended since: it reports that.
                }
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return EventOf(exception, order.Silo) ?? new JobEvent.StartFailed(
                order.Round, FailureInfo.Of(exception), order.Attempts);
        }
    }

    public async Task<JobEvent?> TriggerCheckpointAsync(
        JobEffect.TriggerCheckpoint order, CancellationToken cancellationToken)
    {
        try
        {
            await RepeatAsync(
                order.Silo,
                silo => silo.TriggerCheckpointAsync(order.Order, cancellationToken),
                cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            services.Logger.OrderLost(exception, job, "trigger of a checkpoint", order.Silo);
            return EventOf(exception, order.Silo)
                ?? new JobEvent.CheckpointTriggerFailed(order.Order.Checkpoint, FailureInfo.Of(exception));
        }
    }

    /// <summary>A notice that does not arrive is not repeated: the next one says more.</summary>
    public async Task NotifyCheckpointAsync(
        JobEffect.NotifyCheckpoint notify, CancellationToken cancellationToken)
    {
        try
        {
            await grains.TaskManager(notify.Silo).NotifyCheckpointAsync(notify.Notice, cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            services.Logger.OrderLost(exception, job, "tell of a checkpoint", notify.Silo);
        }
    }

    /// <summary>Subtasks that could not be told to go on stand still: the job has to begin anew.</summary>
    public async Task<JobEvent?> GoOnAsync(JobEffect.GoOn order, CancellationToken cancellationToken)
    {
        try
        {
            await RepeatAsync(
                order.Silo, silo => silo.GoOnAsync(order.Order, cancellationToken), cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return EventOf(exception, order.Silo)
                ?? new JobEvent.NotGoingOn(order.Order.Checkpoint, FailureInfo.Of(exception));
        }
    }

    public async Task<JobEvent?> CancelAsync(JobEffect.Cancel order, CancellationToken cancellationToken)
    {
        try
        {
            TaskOrder cancel = new(job, epoch, order.Attempts);
            await RepeatAsync(order.Silo, silo => silo.CancelAsync(cancel, cancellationToken), cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            JobEvent? meaning = EventOf(exception, order.Silo);
            if (meaning is null)
            {
                services.Logger.OrderLost(exception, job, "cancel", order.Silo);
            }

            return meaning;
        }
    }

    public async Task<JobEvent?> SendPartitionsAsync(
        JobEffect.SendPartitions order, CancellationToken cancellationToken)
    {
        try
        {
            ImmutableArray<PartitionId> missing = [];
            await RepeatAsync(
                order.Silo,
                async silo => missing = await silo.SendPartitionsAsync(order.Order, cancellationToken),
                cancellationToken);
            return missing.IsEmpty
                ? null
                : new JobEvent.PartitionsMissing(
                    missing, FailureInfo.Of(new PartitionLostException(missing[0], "it is not there any more")));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return EventOf(exception, order.Silo)
                ?? new JobEvent.PartitionsMissing(order.Order.Partitions, FailureInfo.Of(exception));
        }
    }

    /// <summary>Removes partitions. What does not arrive is removed at the end of the job.</summary>
    public async Task ReleasePartitionsAsync(
        JobEffect.ReleasePartitions order, CancellationToken cancellationToken)
    {
        try
        {
            await RepeatAsync(
                order.Silo, silo => silo.ReleasePartitionsAsync(order.Order, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            services.Logger.OrderLost(exception, job, "release of partitions", order.Silo);
        }
    }

    /// <summary>Waits for slots, as long as the options say.</summary>
    public async Task<JobEvent> RequestSlotsAsync(JobEffect.RequestSlots order, CancellationToken cancellationToken)
    {
        int wanted = order.Demand.Sum(static demand => demand.Slots);
        TimeSpan timeout = services.Options.Value.SlotRequestTimeout;
        long started = services.Execution.Time.GetTimestamp();
        SlotAnswer answer = new([], 0, 0);
        try
        {
            for (int failures = 0; ;)
            {
                TimeSpan left = timeout - services.Execution.Time.GetElapsedTime(started);
                try
                {
                    answer = await grains.ResourceManager().RequestSlotsAsync(
                        new SlotRequest(
                            job,
                            epoch,
                            order.Demand,
                            left > TimeSpan.Zero ? left : TimeSpan.Zero,
                            order.Least,
                            order.Preferred),
                        cancellationToken);
                    failures = 0;
                }
                catch (Exception exception) when (
                    GrainCalls.MayHelpToRepeat(exception) && !cancellationToken.IsCancellationRequested)
                {
                    failures++;
                    services.Logger.OrderLost(exception, job, "request for slots", "resource manager");
                    await services.Execution.DelayAsync(GrainCalls.Backoff(failures), cancellationToken);
                }

                if (!answer.Slots.IsEmpty)
                {
                    return new JobEvent.SlotsGranted(order.Round, answer.Slots);
                }

                if (services.Execution.Time.GetElapsedTime(started) >= timeout)
                {
                    return new JobEvent.SlotsRefused(order.Round, FailureInfo.Of(
                        new NoResourceAvailableException(wanted, answer.FreeSlots, answer.TotalSlots, timeout)));
                }
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new JobEvent.SlotsRefused(order.Round, FailureInfo.Of(exception));
        }
    }

    /// <summary>Gives all slots back. What does not arrive is cleared by the silos themselves once the job is
    /// over.</summary>
    public async Task ReleaseSlotsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RepeatAsync(
                () => grains.ResourceManager().ReleaseAsync(job, epoch, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            services.Logger.OrderLost(exception, job, "release of slots", "resource manager");
        }
    }

    /// <summary>Stops on all silos what older epochs left running, and waits for its end within a bound.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        TimeSpan patience = services.StopPatience;
        long started = services.Execution.Time.GetTimestamp();
        while (services.Execution.Time.GetElapsedTime(started) < patience)
        {
            bool[] clear = await Task.WhenAll(services.Membership.CurrentSnapshot.Members.Values
                .Where(static member => member.Status is SiloStatus.Active or SiloStatus.Joining)
                .Select(member => IsClearAsync(member.SiloAddress.ToParsableString(), cancellationToken)));
            if (clear.All(static silo => silo))
            {
                break;
            }

            await services.Execution.DelayAsync(GrainCalls.Backoff(2), cancellationToken);
        }

        await ReleaseSlotsAsync(cancellationToken);
    }

    /// <summary>Counters of the job's subtasks on some silos; what cannot be had is left out.</summary>
    public async Task<ImmutableArray<TaskMetrics>> MetricsAsync(
        IReadOnlyCollection<string> silos, CancellationToken cancellationToken)
    {
        ImmutableArray<TaskMetrics>[] metrics = await Task.WhenAll(silos.Select(async silo =>
        {
            try
            {
                return await grains.TaskManager(silo).GetMetricsAsync(job, cancellationToken);
            }
            catch (Exception exception) when (
                exception is TaskManagerLostException || GrainCalls.MayHelpToRepeat(exception))
            {
                return [];
            }
        }));
        return [.. metrics.SelectMany(static silo => silo)];
    }

    private async Task<bool> IsClearAsync(string silo, CancellationToken cancellationToken)
    {
        try
        {
            return (await grains.TaskManager(silo).CancelOlderAsync(job, epoch, cancellationToken)).IsEmpty;
        }
        catch (TaskManagerLostException)
        {
            return true;
        }
        catch (Exception exception) when (
            GrainCalls.MayHelpToRepeat(exception) && !cancellationToken.IsCancellationRequested)
        {
            services.Logger.OrderLost(exception, job, "cancel", silo);
            return false;
        }
    }

    // What a failure means whatever the order was.
    private static JobEvent? EventOf(Exception exception, string silo) => exception switch
    {
        TaskManagerLostException => new JobEvent.SiloLost(silo, silo),
        StaleEpochException => new JobEvent.Fenced(),
        _ => null,
    };

    private Task RepeatAsync(
        string silo, Func<ITaskManagerGrain, Task> call, CancellationToken cancellationToken) =>
        RepeatAsync(() => call(grains.TaskManager(silo)), cancellationToken);

    private async Task RepeatAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        long started = services.Execution.Time.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception exception) when (
                GrainCalls.MayHelpToRepeat(exception)
                && !cancellationToken.IsCancellationRequested
                && services.Execution.Time.GetElapsedTime(started) < RepeatFor)
            {
                services.Logger.OrderRepeated(exception, job, failures);
            }

            await services.Execution.DelayAsync(GrainCalls.Backoff(failures), cancellationToken);
        }
    }
}
