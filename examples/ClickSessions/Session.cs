namespace Millrace.Examples;

/// <summary>A visit.</summary>
/// <param name="User">Who.</param>
/// <param name="First">The time of the first click, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Last">The time of the last click.</param>
/// <param name="Clicks">How many there were.</param>
public readonly record struct Session(string User, long First, long Last, long Clicks);
