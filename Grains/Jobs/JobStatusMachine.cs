namespace Millrace.Jobs;

/// <summary>Which status of a job may follow which.</summary>
internal static class JobStatusMachine
{
    public static bool MayBecome(this JobStatus from, JobStatus to) => (from, to) switch
    {
        (JobStatus.Initializing, JobStatus.Created or JobStatus.Restarting) => true,
        (JobStatus.Created, JobStatus.Running or JobStatus.Restarting) => true,
        (JobStatus.Running, JobStatus.Finished or JobStatus.Restarting) => true,
        (JobStatus.Restarting, JobStatus.Created) => true,
        (JobStatus.Reconciling, JobStatus.Running or JobStatus.Restarting) => true,
        (JobStatus.Failing, JobStatus.Failed) => true,
        (JobStatus.Cancelling, JobStatus.Canceled) => true,
        // As in Flink, asking a failing job to stop makes it one that was asked to stop; never the other way round.
        (JobStatus.Failing, JobStatus.Cancelling) => true,
        (JobStatus.Failing or JobStatus.Cancelling, JobStatus.Suspended) => true,
        (JobStatus.Initializing or JobStatus.Created or JobStatus.Running,
            JobStatus.Failing or JobStatus.Cancelling or JobStatus.Suspended) => true,
        (JobStatus.Restarting or JobStatus.Reconciling,
            JobStatus.Failing or JobStatus.Cancelling or JobStatus.Suspended) => true,
        _ => false,
    };
}
