namespace Millrace.Tasks;

/// <summary>What a silo says to one that opens a connection made of grain calls.</summary>
/// <param name="IsOpen">Whether it is open.</param>
/// <param name="Version">The <see cref="IExchangeGrain.Version"/> of the silo that answers.</param>
[GenerateSerializer, Immutable, Alias("millrace.ExchangeAnswer")]
public readonly record struct ExchangeAnswer([property: Id(0)] bool IsOpen, [property: Id(1)] int Version);
