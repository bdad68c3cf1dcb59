using System.Collections.Immutable;

namespace Millrace.Jobs.Storage;

/// <summary>Keeps the records of a cluster's jobs. Every silo sees the same; every member may be called from any
/// thread and
/// process at the same time.</summary>
internal interface IJobRecordStore
{
    /// <summary>Records a job that is not recorded yet: its submission, which never changes, and its first
    /// record.</summary>
    /// <returns>False when there is a record already; nothing is changed then.</returns>
    Task<bool> TryCreateAsync(JobSubmission submission, JobRecord record, CancellationToken cancellationToken);

    /// <summary>The record of a job, or null when there is none.</summary>
    /// <exception cref="JobRecordCorruptedException">It cannot be read.</exception>
    Task<JobRecord?> ReadAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>What a recorded job was submitted with.</summary>
    /// <exception cref="JobRecordCorruptedException">It cannot be read.</exception>
    Task<JobSubmission> ReadSubmissionAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Replaces a record by the version after it. A crash leaves the one or the other.</summary>
    /// <returns>False when the stored record is not the version before; nothing is changed then.</returns>
    Task<bool> TryWriteAsync(JobRecord record, CancellationToken cancellationToken);

    /// <summary>All records, in no order. One that cannot be read does not hide the others.</summary>
    Task<ImmutableArray<StoredJob>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a job that has ended. Forgetting it again changes nothing.</summary>
    Task DeleteAsync(JobId job, CancellationToken cancellationToken);
}

/// <summary>A job as the store has it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Record">Its record, or null when it cannot be read.</param>
/// <param name="Error">Why it cannot be read, or null.</param>
internal sealed record StoredJob(JobId Job, JobRecord? Record, string? Error);
