using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Millrace.Execution;
using Millrace.Jobs;
using Millrace.Tasks;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Millrace.Slots;

/// <summary>Gives slots to jobs. All it knows it can ask from the silos again, and does when it is activated.</summary>
[KeepAlive, Reentrant, Immovable]
internal sealed class ResourceManagerGrain(
    IClusterMembershipService membership, IExecution execution, ILogger<ResourceManagerGrain> logger)
    : Grain, IResourceManagerGrain, IDisposable
{
    private const int TriesAtOnce = 3;
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);

    private readonly SlotPool _pool = new();
    private readonly List<SlotRequest> _waiting = [];

    // Two jobs must not choose the same slots while the silos are being asked for them.
    private readonly SemaphoreSlim _choosing = new(1, 1);
    private TaskCompletionSource _changed = NewSignal();

    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(membership.CurrentSnapshot.Members.Values
            .Where(static member => member.Status == SiloStatus.Active)
            .Select(member => LookAtAsync(member.SiloAddress.ToParsableString(), cancellationToken)));

    public void Dispose() => _choosing.Dispose();

    Task IResourceManagerGrain.RegisterTaskManagerAsync(TaskManagerStatus status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (_pool.Find(status.Endpoint.Silo) is null)
        {
            logger.Registered(status.Name, status.Endpoint.Silo, status.Slots.Length);
        }

        _pool.Set(status);
        Pulse();
        return Task.CompletedTask;
    }

    async Task<SlotAnswer> IResourceManagerGrain.RequestSlotsAsync(
        SlotRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        TimeSpan longest = IResourceManagerGrain.LongestWait;
        TimeSpan upTo = request.UpTo < longest ? request.UpTo : longest;
        long started = execution.Time.GetTimestamp();
        _waiting.Add(request);
        try
        {
            while (true)
            {
                Task changed = _changed.Task;
                ImmutableArray<GrantedSlot> slots = await GrantAsync(request, cancellationToken);
                TimeSpan left = upTo - execution.Time.GetElapsedTime(started);
                if (!slots.IsEmpty || left <= TimeSpan.Zero)
                {
                    return new SlotAnswer(slots, _pool.Free, _pool.Total);
                }

                await Task.WhenAny(changed, execution.DelayAsync(left, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _waiting.Remove(request);
        }
    }

    async Task IResourceManagerGrain.ReleaseAsync(JobId job, JobEpoch epoch, CancellationToken cancellationToken)
    {
        await ReleaseOnAsync(_pool.SilosOf(job), job, epoch, cancellationToken);
        Pulse();
    }

    Task<ResourceOverview> IResourceManagerGrain.GetOverviewAsync(CancellationToken cancellationToken)
    {
        ForgetLost();
        return Task.FromResult(new ResourceOverview(
            [.. _pool.Silos.OrderBy(static silo => silo.Name, StringComparer.Ordinal)],
            [.. _waiting.Select(static request => request.Job).Distinct()]));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<ImmutableArray<GrantedSlot>> GrantAsync(SlotRequest request, CancellationToken cancellationToken)
    {
        await _choosing.WaitAsync(cancellationToken);
        try
        {
            int wanted = request.Groups.Sum(static group => group.Slots);
            for (int tries = 0; tries < TriesAtOnce; tries++)
            {
                ForgetLost();
                var chosen = _pool.Choose(request.Job, request.Epoch, wanted, request.Least, request.Preferred);
                if (chosen is null)
                {
                    return [];
                }

                ImmutableArray<GrantedSlot>[] granted = await Task.WhenAll(chosen.Select(silo =>
                    ReserveAsync(silo.Key, silo.Value, request, cancellationToken)));
                if (granted.All(static slots => !slots.IsEmpty))
                {
                    return SlotPool.Interleave(granted.Select(static slots => (IReadOnlyList<GrantedSlot>)slots));
                }

                // The copy was wrong about a silo; by now it knows better.
                await ReleaseOnAsync([.. chosen.Keys], request.Job, request.Epoch, cancellationToken);
            }

            return [];
        }
        finally
        {
            _choosing.Release();
        }
    }

    private async Task<ImmutableArray<GrantedSlot>> ReserveAsync(
        string silo, int count, SlotRequest request, CancellationToken cancellationToken)
    {
        try
        {
            ImmutableArray<int> slots = await GrainFactory.TaskManager(silo).ReserveSlotsAsync(
                request.Job, request.Epoch, count, cancellationToken);
            if (slots.IsEmpty || _pool.Find(silo) is not { } status)
            {
                await LookAtAsync(silo, cancellationToken);
                return [];
            }

            _pool.Reserved(silo, slots, request.Job, request.Epoch);
            return [.. slots.Select(index => new GrantedSlot(status.Endpoint, status.Name, index))];
        }
        catch (Exception exception) when (IsUnreachable(exception))
        {
            Forget(silo, exception);
            return [];
        }
    }

    private async Task ReleaseOnAsync(
        IReadOnlyList<string> silos, JobId job, JobEpoch epoch, CancellationToken cancellationToken) =>
        await Task.WhenAll(silos.Select(async silo =>
        {
            try
            {
                _pool.Set(silo, await GrainFactory.TaskManager(silo).ReleaseSlotsAsync(job, epoch, cancellationToken));
            }
            catch (Exception exception) when (IsUnreachable(exception))
            {
                // It tells when it is back, and clears by itself what belongs to jobs that are over.
                Forget(silo, exception);
            }
        }));

    private async Task LookAtAsync(string silo, CancellationToken cancellationToken)
    {
        try
        {
            _pool.Set(await GrainFactory.TaskManager(silo).GetStatusAsync(cancellationToken)
                .WaitAsync(FirstLook, execution.Time, cancellationToken));
        }
        catch (Exception exception) when (IsUnreachable(exception))
        {
            Forget(silo, exception);
        }
    }

    private void Forget(string silo, Exception reason)
    {
        if (reason is TaskManagerLostException)
        {
            logger.Gone(silo, SiloStatus.Dead);
        }
        else
        {
            logger.Unreachable(reason, silo);
        }

        _pool.Remove(silo);
    }

    private static bool IsUnreachable(Exception exception) =>
        exception is TaskManagerLostException || GrainCalls.MayHelpToRepeat(exception);

    private void ForgetLost()
    {
        ClusterMembershipSnapshot members = membership.CurrentSnapshot;
        foreach (string silo in _pool.Silos.Select(static silo => silo.Endpoint.Silo).ToArray())
        {
            SiloStatus status = members.GetSiloStatus(SiloAddress.FromParsableString(silo));
            if (status is SiloStatus.Dead or SiloStatus.ShuttingDown or SiloStatus.Stopping)
            {
                logger.Gone(silo, status);
                _pool.Remove(silo);
            }
        }
    }

    private void Pulse()
    {
        TaskCompletionSource changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }
}
