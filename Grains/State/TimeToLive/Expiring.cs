namespace Millrace.State.TimeToLive;

/// <summary>A value with the time of its last use, as it is kept and saved.</summary>
/// <param name="Value">The value.</param>
/// <param name="Used">Milliseconds since 1970-01-01 UTC.</param>
internal readonly record struct Expiring<T>(T Value, long Used);
