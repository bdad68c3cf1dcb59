namespace Millrace.Operators.Joins;

/// <summary>A record with its time, as it is kept and saved.</summary>
/// <param name="Time">Milliseconds since 1970-01-01 UTC.</param>
/// <param name="Value">The record.</param>
internal readonly record struct Timed<T>(long Time, T Value);
