using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Slots;
using Orleans.Concurrency;

namespace Millrace.Tasks;

/// <summary>The doorbell of one attempt.</summary>
[SiloPinnedPlacement, Reentrant]
internal sealed class TaskGrain(ITaskHost host, SiloIdentity silo) : Grain, ITaskGrain
{
    private ExecutionAttemptId Attempt =>
        ExecutionAttemptId.Parse(SiloPinnedKey.RestOf(this.GetPrimaryKeyString(), silo));

    Task<TaskMetrics?> ITaskGrain.GetStatusAsync(CancellationToken cancellationToken)
    {
        ExecutionAttemptId attempt = Attempt;
        return Task.FromResult(host.MetricsOf(attempt.Job).FirstOrDefault(task => task.Attempt == attempt));
    }

    Task<ImmutableArray<EdgeMetrics>> ITaskGrain.GetEdgesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(host.EdgesOf(Attempt));

    Task ITaskGrain.CancelAsync(JobEpoch epoch, CancellationToken cancellationToken)
    {
        host.Cancel(Attempt.Job, epoch, [Attempt]);
        return Task.CompletedTask;
    }
}
