using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs.Executions;

namespace Millrace.Jobs.Storage;

/// <summary>What is known of a job wherever its grain is, and after any process died. Written by conditional
/// writes.</summary>
/// <param name="Job">The job.</param>
/// <param name="Version">One more with each write.</param>
/// <param name="Epoch">Who is in charge.</param>
/// <param name="Owner">The silo the epoch runs on, for people and for the failure when it is gone.</param>
/// <param name="Name">The job's name.</param>
/// <param name="Status">As of the last write; a running job's may be ahead of it.</param>
/// <param name="SubmittedAt">When the job was accepted.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="Attempt">Number of the latest attempts.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="Failure">What it fails or failed of, or null.</param>
/// <param name="Outcome">Before the end: what is to be committed, once that is decided. After the end: what is
/// left.</param>
/// <param name="Details">The job as it looked when the outcome was written, or null.</param>
/// <param name="Checkpoints">The completed checkpoints that it can go on from, the latest one first; null when there
/// are none.</param>
/// <param name="Savepoint">The savepoint it ends or ended with, once that was decided; or null.</param>
/// <param name="OpenSavepoints">Savepoints of which there may be files, and which are not complete; null when there are
/// none.</param>
/// <param name="IsPreparing">Whether the job's own code may be preparing on the epoch's silo.</param>
/// <param name="LostPreparing">Epochs in a row, before this one, that were lost while it was.</param>
/// <param name="LostCommitting">Epochs in a row, before this one, that were lost while they committed; kept while the
/// job fails of that.</param>
/// <param name="IsCommitting">Whether the job's own code may be committing the outcome on the epoch's silo.</param>
internal sealed record JobRecord(
    JobId Job,
    long Version,
    JobEpoch Epoch,
    string Owner,
    string Name,
    JobStatus Status,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? EndedAt,
    int Attempt,
    int Restarts,
    FailureInfo? Failure,
    JobOutcome? Outcome,
    JobDetails? Details,
    ImmutableArray<RetainedCheckpoint>? Checkpoints = null,
    StoppingSavepoint? Savepoint = null,
    ImmutableArray<OpenSavepoint>? OpenSavepoints = null,
    bool IsPreparing = false,
    int LostPreparing = 0,
    int LostCommitting = 0,
    bool IsCommitting = false)
{
    /// <summary>The record of a job that has just been accepted.</summary>
    public static JobRecord New(JobSubmission submission, string owner, DateTimeOffset now) => new(
        submission.Job,
        Version: 1,
        JobEpoch.None.Next(),
        owner,
        submission.Graph.Name,
        JobStatus.Initializing,
        now,
        EndedAt: null,
        Attempt: 0,
        Restarts: 0,
        Failure: null,
        Outcome: null,
        Details: null,
        IsPreparing: true);

    /// <summary>The same job with somebody new in charge.</summary>
    public JobRecord TakenOverBy(string owner) => this with
    {
        Version = Version + 1,
        Epoch = Epoch.Next(),
        Owner = owner,
        Attempt = Attempt + 1,
        IsPreparing = false,
        LostPreparing = IsPreparing ? LostPreparing + 1 : 0,
        IsCommitting = false,
        LostCommitting = IsCommitting ? LostCommitting + 1 : Outcome is null && Failure is null ? 0 : LostCommitting,
    };

    /// <summary>The same job when its silo gives it up in an orderly way: its own code has not ended that
    /// silo.</summary>
    public JobRecord Left() => this with { Version = Version + 1, IsPreparing = false, IsCommitting = false };

    /// <summary>What is left of the job; it must have ended.</summary>
    public JobResult Result() => new(
        Job,
        Name,
        Status,
        Status == JobStatus.Failed ? Failure : null,
        (EndedAt ?? SubmittedAt) - SubmittedAt,
        Outcome?.Accumulators ?? [],
        Status == JobStatus.Finished ? Outcome?.Returned ?? [] : [],
        Savepoint is null ? null : SavepointLocation.Describe(Savepoint.Folder));

    /// <summary>What became of a request for a savepoint; the job must have ended.</summary>
    public SavepointProgress ProgressOf(SavepointId id) => Savepoint?.Id == id && Status == JobStatus.Finished
        ? new SavepointProgress(SavepointState.Completed, SavepointLocation.Describe(Savepoint.Folder))
        : new SavepointProgress(
            SavepointState.Failed, Failure: SavepointFailures.Of(Name, Job, $"the job has ended: {Status}."));

    /// <summary>The job as a line of a list.</summary>
    public JobOverview Overview() => new(
        Job,
        Name,
        Status,
        SubmittedAt,
        EndedAt,
        Details is null ? [] : JobOverviews.Count(Details),
        Error: null);
}
