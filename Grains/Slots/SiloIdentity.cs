
namespace Millrace.Slots;

/// <summary>This silo, as keys and messages name it.</summary>
/// <param name="Address">With generation, as <c>SiloAddress.ToParsableString()</c> writes it.</param>
/// <param name="Name">Its name.</param>
internal sealed record SiloIdentity(string Address, string Name)
{
    /// <summary>For people: name and address.</summary>
    public string Display => $"{Name} ({Address})";

    public static SiloIdentity Of(ILocalSiloDetails silo) => new(silo.SiloAddress.ToParsableString(), silo.Name);
}
