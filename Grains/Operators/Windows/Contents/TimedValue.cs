namespace Millrace.Operators.Windows.Contents;

/// <summary>A record with its time, as it waits in a window with an evictor.</summary>
internal readonly record struct TimedValue<T>(T Value, long Timestamp);
