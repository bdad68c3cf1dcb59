using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Programs;

/// <summary>Stops a job with a savepoint and starts it again from there with another number of subtasks.</summary>
/// <remarks>Everything that can be refused is refused before the job is stopped.</remarks>
internal sealed class JobRescaling(ClusterCalls calls, JobHandle job)
{
    // A program is loaded and defined once more for its plan.
    private static readonly TimeSpan LongestPlanning = TimeSpan.FromMinutes(1);

    // Slots are waited for up to an hour; by then the user had better look himself.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);

    public async Task<RescaledJob> RunAsync(
        int parallelism, string? directory, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parallelism);
        JobSubmission former = await calls.CallAsync(
            (grains, token) => grains.Job(job.Id).GetSubmissionAsync(token), cancellationToken);
        JobGraph plan = await calls.CallAsync(
            (grains, token) => grains.Job(job.Id).PlanForAsync(parallelism, token), cancellationToken, LongestPlanning);
        await RequireAsync(former.Graph, plan, cancellationToken);

        string savepoint = await job.SavepointAsync(SavepointKind.Suspend, directory, cancellationToken);
        try
        {
            return await GoOnAsync(former, plan, savepoint);
        }
        catch (ClusterLostException lost)
        {
            throw new RescaleException(
                $"Job {job} was stopped with savepoint '{savepoint}', and whether it has started again from there is "
                + $"not known. {lost.Message}");
        }
    }

    private async Task<RescaledJob> GoOnAsync(JobSubmission former, JobGraph plan, string savepoint)
    {
        JobSubmission next = former with
        {
            Graph = plan,
            Restore = new RestoreSettings(savepoint),
        };
        (JobHandle? begun, FailureInfo? failure) = await StartAsync(next, savepoint);
        if (failure is null)
        {
            return new RescaledJob(begun!, savepoint, Failure: null);
        }

        (JobHandle? again, FailureInfo? second) = await StartAsync(next with { Graph = former.Graph }, savepoint);
        return second is null
            ? new RescaledJob(again!, savepoint, failure)
            : throw new RescaleException(
                $"Job {job} was stopped with savepoint '{savepoint}' and does not start again, neither with the "
                + $"parallelism that was asked for: {failure} Nor as it was: {second}");
    }

    private async Task RequireAsync(JobGraph former, JobGraph plan, CancellationToken cancellationToken)
    {
        if (plan.Vertices.Select(static vertex => (vertex.Id, vertex.Parallelism))
            .SequenceEqual(former.Vertices.Select(static vertex => (vertex.Id, vertex.Parallelism))))
        {
            throw new RescaleException(
                $"Job {job} goes on as it is: with that parallelism it would run just as it does, for its other "
                + "operators say their own.");
        }

        int slots = JobSubmitter.SlotsOf(plan);
        ResourceOverview resources = await calls.CallAsync(
            (grains, token) => grains.ResourceManager().GetOverviewAsync(token), cancellationToken);
        int available = resources.FreeSlots + JobSubmitter.SlotsOf(former);
        if (slots > available)
        {
            throw new RescaleException(
                $"Job {job} goes on as it is: it would need {slots} slots, and with its own there are {available}.");
        }
    }

    // A submission that is refused has started nothing.
    private async Task<(JobHandle? Job, FailureInfo? Failure)> StartAsync(JobSubmission submission, string savepoint)
    {
        try
        {
            JobHandle begun = await new JobSubmitter(calls).SubmitAsync(
                submission with { Job = new JobId(JobSubmitter.NewId()) }, CancellationToken.None);
            return (begun, await FailureOfAsync(begun, savepoint));
        }
        catch (StreamingException refused) when (refused is not (ClusterLostException or RescaleException))
        {
            return (null, FailureInfo.Of(refused));
        }
    }

    /// <returns>Why it has failed before it was at work; null when it is, or takes long.</returns>
    /// <exception cref="RescaleException">Somebody has canceled it: nothing is started in its place.</exception>
    private async Task<FailureInfo?> FailureOfAsync(JobHandle begun, string savepoint)
    {
        long version = -1;
        long started = calls.Time.GetTimestamp();
        while (calls.Time.GetElapsedTime(started) < StartPatience)
        {
            JobDetails details = await calls.CallAsync(
                (grains, token) => grains.Job(begun.Id).WaitForChangeAsync(version, ClusterCalls.LongestPoll, token),
                CancellationToken.None);
            version = details.Version;
            switch (details.Status)
            {
                case JobStatus.Canceled or JobStatus.Cancelling:
                    throw new RescaleException(
                        $"Job {job} was stopped with savepoint '{savepoint}'. Job {begun}, which was to go on from "
                        + "there, was canceled before it was at work.");
                case JobStatus.Failed:
                    return details.Failure ?? FailureInfo.Of(new RescaleException($"Job {begun} has failed."));
                case JobStatus.Finished:
                case JobStatus.Running when IsAtWork(details):
                    return null;
                default:
                    break;
            }
        }

        return null;
    }

    private static bool IsAtWork(JobDetails details) => details.Vertices.All(static vertex => vertex.Subtasks.All(
        static subtask => subtask.State is ExecutionState.Running or ExecutionState.Finished));
}
