using Millrace.Tasks;
using Orleans.Runtime.Placement;

namespace Millrace.Slots;

/// <summary>Finds the silo that a grain's key names, or says that it is gone.</summary>
internal sealed class SiloPinnedPlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress silo = SiloPinnedKey.SiloOf(target.GrainIdentity.Key.ToString()!);
        if (IsActive(silo))
        {
            return silo;
        }

        // A silo that has just joined may be known to its neighbours only.
        await membership.Refresh();
        return IsActive(silo) ? silo : throw new TaskManagerLostException(silo.ToParsableString());
    }

    private bool IsActive(SiloAddress silo) =>
        membership.CurrentSnapshot.GetSiloStatus(silo) is SiloStatus.Active or SiloStatus.Joining;
}
