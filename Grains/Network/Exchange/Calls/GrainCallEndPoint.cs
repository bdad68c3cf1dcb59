using System.Net;
using System.Net.Sockets;

namespace Millrace.Network.Exchange.Calls;

/// <summary>A silo that takes records by grain calls.</summary>
/// <param name="silo">As <c>SiloAddress.ToParsableString()</c> writes it.</param>
internal sealed class GrainCallEndPoint(string silo) : EndPoint, IEquatable<GrainCallEndPoint>
{
    /// <summary>As <c>SiloAddress.ToParsableString()</c> writes it.</summary>
    public string Silo { get; } = silo;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Unspecified;

    /// <inheritdoc/>
    public bool Equals(GrainCallEndPoint? other) => other?.Silo == Silo;

    /// <inheritdoc/>
    public override bool Equals(object? comparand) => Equals(comparand as GrainCallEndPoint);

    /// <inheritdoc/>
    public override int GetHashCode() => Silo.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Silo;
}
