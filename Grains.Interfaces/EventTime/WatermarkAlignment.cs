namespace Millrace.EventTime;

/// <summary>Asks that a source waits for the others of its group.</summary>
/// <param name="Group">Name of the group within the job.</param>
/// <param name="MaxDrift">How far it may be ahead of the slowest of the group.</param>
internal sealed record WatermarkAlignment(string Group, TimeSpan MaxDrift);
