namespace Millrace.Jobs;

/// <summary>What can be said about a job's status.</summary>
public static class JobStatuses
{
    /// <summary>Whether nothing will ever happen to the job again.</summary>
    public static bool IsTerminal(this JobStatus status) =>
        status is JobStatus.Finished or JobStatus.Failed or JobStatus.Canceled;
}
