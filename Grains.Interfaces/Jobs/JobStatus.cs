namespace Millrace.Jobs;

/// <summary>Status of a job; Flink's states and spelling.</summary>
public enum JobStatus
{
    /// <summary>Accepted; sources and sinks are being prepared.</summary>
    Initializing,

    /// <summary>Waits for slots, or is on its way to the silos.</summary>
    Created,

    /// <summary>Its subtasks run, or their results are being committed.</summary>
    Running,

    /// <summary>Something failed; the subtasks that still run are being stopped.</summary>
    Failing,

    /// <summary>Ended by a failure.</summary>
    Failed,

    /// <summary>Asked to stop; the subtasks that still run are being stopped.</summary>
    Cancelling,

    /// <summary>Stopped on request.</summary>
    Canceled,

    /// <summary>All input processed, all results visible.</summary>
    Finished,

    /// <summary>Stopped by a failure and about to run again.</summary>
    Restarting,

    /// <summary>Another job grain has taken over: this one neither acts nor writes any more.</summary>
    Suspended,

    /// <summary>A new job grain has taken over and finds out what its predecessor left behind.</summary>
    Reconciling,
}

/// <summary>What can be said about a job's status.</summary>
public static class JobStatuses
{
    /// <summary>Whether nothing will ever happen to the job again.</summary>
    public static bool IsTerminal(this JobStatus status) =>
        status is JobStatus.Finished or JobStatus.Failed or JobStatus.Canceled;
}
