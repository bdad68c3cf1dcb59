using System.Globalization;

namespace Millrace.Slots;

/// <summary>Where the grains of this room are found.</summary>
public static class SlotGrains
{
    /// <summary>The cluster's resource manager.</summary>
    public static IResourceManagerGrain ResourceManager(this IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IResourceManagerGrain>(0);
    }

    /// <summary>One slot of a silo.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="silo">As <c>SiloAddress.ToParsableString()</c> writes it.</param>
    /// <param name="index">Zero-based index on the silo.</param>
    public static ISlotGrain Slot(this IGrainFactory grains, string silo, int index)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<ISlotGrain>(string.Create(CultureInfo.InvariantCulture, $"{silo}/{index}"));
    }
}
