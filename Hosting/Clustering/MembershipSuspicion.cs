namespace Millrace.Clustering;

/// <summary>A silo's vote that another one is dead.</summary>
internal sealed record MembershipSuspicion(SiloAddress Silo, DateTime Time);
