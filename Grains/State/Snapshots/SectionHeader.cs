using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>What a section of a snapshot holds, with the shapes it was written with.</summary>
/// <param name="Kind">What its entries are.</param>
/// <param name="Name">That of the state, or of the queue of timers.</param>
/// <param name="Key">Shape of the operator's keys.</param>
/// <param name="Namespace">Shape of the namespaces, or null for state that belongs to a key alone.</param>
/// <param name="MapKey">Shape of a map's own keys, else null.</param>
/// <param name="Value">Shape of the values, elements or map values; null for timers.</param>
internal sealed record SectionHeader(
    SectionKind Kind, string Name, TypeShape Key, TypeShape? Namespace, TypeShape? MapKey, TypeShape? Value)
{
    /// <summary>What it holds, for people.</summary>
    public string Description =>
        $"a {Kind.ToString().ToLowerInvariant()}" +
        (Value is null ? "" : $" of {(MapKey is null ? "" : $"{MapKey.Name} and ")}{Value.Name}") +
        $" by {Key.Name}" +
        (Namespace is null ? "" : $" and {Namespace.Name}");

    /// <summary>What entries are found by after a restart. States share their names whatever they hold; timers have
    /// names of their own for each kind.</summary>
    public (SectionKind Names, string Name) Id =>
        (Kind >= SectionKind.EventTimeTimers ? Kind : SectionKind.Value, Name);
}
