using Millrace.Jobs;

namespace Millrace.Slots;

/// <summary>
/// Knows who has free slots and who waits for some. One per cluster; see <see cref="SlotGrains.ResourceManager"/>.
/// </summary>
/// <remarks>What it knows is a copy: the truth about a slot is on its silo.</remarks>
[Alias("millrace.IResourceManagerGrain")]
public interface IResourceManagerGrain : IGrainWithIntegerKey
{
    /// <summary>Longest wait of <see cref="RequestSlotsAsync"/>.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>A silo tells what it has: when it starts, when its slots change, and from time to time.</summary>
    [Alias("Register")]
    Task RegisterTaskManagerAsync(TaskManagerStatus status, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a job its slots, spread evenly over the silos: all of them, or none after a bounded wait.
    /// </summary>
    [Alias("RequestSlots")]
    Task<SlotAnswer> RequestSlotsAsync(SlotRequest request, CancellationToken cancellationToken);

    /// <summary>Takes back the slots that a job's epoch, and older ones, hold.</summary>
    [Alias("Release")]
    Task ReleaseAsync(JobId job, JobEpoch epoch, CancellationToken cancellationToken);

    /// <summary>Silos with their slots and owners, and who waits.</summary>
    [Alias("GetOverview")]
    Task<ResourceOverview> GetOverviewAsync(CancellationToken cancellationToken);
}
