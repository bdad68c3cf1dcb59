using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Slots;

/// <summary>This silo's slots together with what runs in them. Thread-safe.</summary>
internal sealed class SiloSlots(SlotTable table, ITaskHost host, SiloIdentity silo)
{
    public SlotTable Table { get; } = table;

    /// <summary>The silo as others see it.</summary>
    public TaskManagerStatus Status()
    {
        IReadOnlyList<TaskMetrics> running = host.Running();
        Table.Settle(job => Runs(running, job));
        return new TaskManagerStatus(
            new SiloEndpoint(silo.Address, host.Exchange),
            silo.Name,
            Table.Statuses,
            running.Count,
            Table.Degradation);
    }

    /// <summary>Takes back slots of a job's epoch and of older ones, each as soon as nothing of the job runs here; with
    /// all of them goes what the job has left here for consumers.</summary>
    /// <returns>All slots after that.</returns>
    public ImmutableArray<SlotStatus> Release(JobId job, JobEpoch epoch, int? only = null)
    {
        if (only is null)
        {
            host.ReleasePartitions(job, epoch);
        }

        Table.Release(job, epoch, Runs(host.Running(), job), only);
        return Table.Statuses;
    }

    /// <summary>Jobs that hold slots here, or of which something runs, stands or is kept here.</summary>
    public IReadOnlyList<JobId> Jobs() =>
    [
        .. Table.Statuses
            .Where(static slot => slot is { State: SlotState.Reserved or SlotState.Releasing, Job: not null })
            .Select(static slot => slot.Job!.Value)
            .Concat(host.Running().Select(static task => task.Attempt.Job))
            .Concat(host.JobsWithPartitions())
            .Concat(host.JobsWithCopies())
            .Distinct(),
    ];

    /// <summary>Ends what runs here of a job that is over, and takes its slots back.</summary>
    public void Clear(JobId job)
    {
        JobEpoch last = new(long.MaxValue);
        ExecutionAttemptId[] running =
            [.. host.Running().Select(static task => task.Attempt).Where(attempt => attempt.Job == job)];
        if (running.Length > 0)
        {
            host.Cancel(job, last, running);
        }

        Release(job, last);
        host.ReleaseCopies(job);
    }

    private static bool Runs(IReadOnlyList<TaskMetrics> running, JobId job) =>
        running.Any(task => task.Attempt.Job == job);
}
