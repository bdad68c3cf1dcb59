namespace Millrace.Examples;

/// <summary>A sensor that measured too much.</summary>
/// <param name="Sensor">Which one.</param>
/// <param name="Value">How much.</param>
/// <param name="Limit">The limit that held.</param>
/// <param name="Time">When, in milliseconds since 1970-01-01 UTC.</param>
public readonly record struct SensorAlarm(string Sensor, long Value, long Limit, long Time);
