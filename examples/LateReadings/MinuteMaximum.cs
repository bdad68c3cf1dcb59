namespace Millrace.Examples;

/// <summary>The greatest value of a sensor in a minute.</summary>
/// <param name="Sensor">Which sensor.</param>
/// <param name="Minute">Its first millisecond, since 1970-01-01 UTC.</param>
/// <param name="Value">The greatest value.</param>
public readonly record struct MinuteMaximum(string Sensor, long Minute, long Value);
