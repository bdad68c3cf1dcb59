namespace Millrace.Network.Exchange;

/// <summary>Who a silo says it is to other silos.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Silo">The silo's address with generation, as <c>SiloAddress.ToParsableString()</c> writes it.</param>
internal sealed record ExchangeIdentity(string Cluster, string Silo);
