namespace Millrace.Examples;

/// <summary>A card that somebody should look at.</summary>
/// <param name="Card">Which card.</param>
/// <param name="Probe">The small payment, in cents.</param>
/// <param name="Cents">The large payment, in cents.</param>
/// <param name="Time">That of the large payment.</param>
public readonly record struct Alarm(string Card, long Probe, long Cents, long Time);
