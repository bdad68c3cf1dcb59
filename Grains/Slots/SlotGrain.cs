using System.Globalization;
using Millrace.Jobs;
using Orleans.Concurrency;

namespace Millrace.Slots;

/// <summary>The doorbell of one slot.</summary>
[SiloPinnedPlacement, Reentrant]
internal sealed class SlotGrain(SiloSlots slots, SiloIdentity silo) : Grain, ISlotGrain
{
    private int Index => int.Parse(
        SiloPinnedKey.RestOf(this.GetPrimaryKeyString(), silo), NumberStyles.None, CultureInfo.InvariantCulture);

    Task<bool> ISlotGrain.ReserveAsync(JobId job, JobEpoch epoch, CancellationToken cancellationToken) =>
        Task.FromResult(slots.Table.TryReserve(Index, job, epoch));

    Task ISlotGrain.ReleaseAsync(JobId job, JobEpoch epoch, CancellationToken cancellationToken)
    {
        slots.Release(job, epoch, Index);
        return Task.CompletedTask;
    }

    Task<SlotStatus> ISlotGrain.GetStatusAsync(CancellationToken cancellationToken) =>
        Task.FromResult(slots.Status().Slots[Index]);
}
