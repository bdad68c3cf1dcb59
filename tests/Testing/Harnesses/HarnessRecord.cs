namespace Millrace.Harnesses;

/// <summary>A record that came out.</summary>
/// <param name="Value">The record.</param>
/// <param name="Timestamp">Its time in milliseconds since 1970-01-01 UTC, or null when it has none.</param>
/// <typeparam name="T">The type of the record.</typeparam>
public readonly record struct HarnessRecord<T>(T Value, long? Timestamp);
