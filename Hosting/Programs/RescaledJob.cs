using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>What became of a job that was to go on with another number of subtasks.</summary>
/// <param name="Job">The job that runs now.</param>
/// <param name="Savepoint">From what it went on; it is the user's to remove.</param>
/// <param name="Failure">Why it runs as it did before; null when it runs as was asked.</param>
public sealed record RescaledJob(JobHandle Job, string Savepoint, FailureInfo? Failure);
