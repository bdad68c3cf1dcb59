using Millrace.Jobs;

namespace Millrace.Slots;

/// <summary>The doorbell of one slot. Keyed <c>silo/index</c>, pinned to that silo, without state of its own; see
/// <see cref="SlotGrains.Slot"/>.</summary>
[Alias("millrace.ISlotGrain")]
public interface ISlotGrain : IGrainWithStringKey
{
    /// <summary>Gives the slot to a job.</summary>
    /// <returns>False when it is not free.</returns>
    [Alias("Reserve")]
    Task<bool> ReserveAsync(JobId job, JobEpoch epoch, CancellationToken cancellationToken);

    /// <summary>Takes the slot back from a job's epoch, or an older one.</summary>
    [Alias("Release")]
    Task ReleaseAsync(JobId job, JobEpoch epoch, CancellationToken cancellationToken);

    /// <summary>Who has it.</summary>
    [Alias("GetStatus")]
    Task<SlotStatus> GetStatusAsync(CancellationToken cancellationToken);
}
