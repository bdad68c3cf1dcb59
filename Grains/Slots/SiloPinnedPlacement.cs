namespace Millrace.Slots;

/// <summary>Places a grain on the silo that its key names.</summary>
[GenerateSerializer, Immutable, Alias("millrace.SiloPinnedPlacement")]
internal sealed class SiloPinnedPlacement : PlacementStrategy
{
    public static readonly SiloPinnedPlacement Singleton = new();
}
