using Microsoft.Extensions.Logging;
using Millrace.Execution;
using Microsoft.Extensions.Options;

namespace Millrace.Jobs;

/// <summary>Sees to it that no job is forgotten: whenever a member of the cluster changes, and from time to time,
/// every job
/// that has not ended gets somebody in charge.</summary>
/// <remarks>One on every silo, so that whichever silo is left does it.</remarks>
internal sealed class JobWatcher(
    IGrainFactory grains,
    IClusterMembershipService membership,
    IExecution execution,
    IOptions<JobOptions> options,
    ILogger<JobWatcher> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(JobWatcher),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _loop = execution.RunAsync(RunAsync);
            return Task.CompletedTask;
        },
        async cancellationToken =>
        {
            await _stopping.CancelAsync();
            await _loop.WaitAsync(cancellationToken);
        });

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        IAsyncEnumerator<ClusterMembershipSnapshot> members =
            membership.MembershipUpdates.GetAsyncEnumerator(_stopping.Token);
        Task<bool> changed = members.MoveNextAsync().AsTask();
        while (!_stopping.IsCancellationRequested)
        {
            await Task.WhenAny(changed, execution.DelayAsync(options.Value.WatchInterval, _stopping.Token));
            if (changed.IsCompletedSuccessfully)
            {
                changed = members.MoveNextAsync().AsTask();
            }

            await LookAsync();
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await grains.Dispatcher().RecoverAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (!_stopping.IsCancellationRequested)
            {
                logger.NotWatched(exception);
            }
        }
    }
}
