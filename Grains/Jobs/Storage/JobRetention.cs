namespace Millrace.Jobs.Storage;

/// <summary>Forgets jobs that ended long ago.</summary>
/// <remarks>
/// A job's record goes last: as long as a file of the job may be left, the record is there to find it by, also what a
/// silo that was cut off has written after the job's end. So no file is ever nobody's, and nobody has to look for files
/// without a job, among which might be those of another cluster.
/// </remarks>
internal sealed class JobRetention(IJobRecordStore records, CheckpointStore checkpoints)
{
    /// <summary>Removes what is left of a job that has ended.</summary>
    /// <returns>False when some of it could not be removed; its record is there then.</returns>
    public async Task<bool> TryForgetAsync(JobId job, CancellationToken cancellationToken)
    {
        if (!await KeepsCheckpointsAsync(job, cancellationToken)
            && !await checkpoints.ForgetAsync(job, cancellationToken))
        {
            return false;
        }

        await records.DeleteAsync(job, cancellationToken);
        return true;
    }

    // Those that a job leaves for good are somebody else's by now, and so are those of which that cannot be known.
    private async Task<bool> KeepsCheckpointsAsync(JobId job, CancellationToken cancellationToken)
    {
        try
        {
            JobSubmission submission = await records.ReadSubmissionAsync(job, cancellationToken);
            return submission.Graph.Settings.Checkpoints is { RetainOnCancellation: true };
        }
        catch (JobRecordCorruptedException)
        {
            return true;
        }
    }
}
