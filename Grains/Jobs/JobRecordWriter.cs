using Millrace.Jobs.Master;
using Millrace.Jobs.Storage;
using Millrace.Slots;

namespace Millrace.Jobs;

/// <summary>Writes one job's record on behalf of one epoch, one write at a time.</summary>
internal sealed class JobRecordWriter(JobRecord record, JobServices services)
{
    private bool _isWriting;

    /// <summary>The record as this epoch last wrote it.</summary>
    public JobRecord Current { get; private set; } = record;

    /// <summary>Writes a change, repeated until it is clear what became of it: a change that may or may not have been
    /// written would leave the next epoch to guess.</summary>
    /// <returns>False when another epoch is in charge, or the record is damaged.</returns>
    public async Task<bool> WriteAsync(JobRecordChange change, CancellationToken cancellationToken)
    {
        JobRecord next = Current with
        {
            Version = Current.Version + 1,
            Status = change.Status,
            EndedAt = change.Status.IsTerminal() ? services.Execution.Time.GetUtcNow() : null,
            Attempt = change.Attempt,
            Restarts = change.Restarts,
            Failure = change.Failure,
            Outcome = change.Outcome,
            Details = change.Details,
            Savepoint = change.Savepoint,
            OpenSavepoints = change.OpenSavepoints.IsDefaultOrEmpty ? null : change.OpenSavepoints,
            Checkpoints = change.Checkpoints.IsEmpty ? null : change.Checkpoints,
            IsPreparing = change.IsPreparing,
            IsCommitting = change.IsCommitting,
        };
        _isWriting = true;
        try
        {
            return await WriteAsync(next, cancellationToken);
        }
        finally
        {
            _isWriting = false;
        }
    }

    /// <summary>Notes that the epoch ends in an orderly way, where the record says that the job's own code may end its
    /// silo. Tried once: without it the next epoch counts a lost silo.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        // A write under way would have the same version.
        if (_isWriting || Current is { IsPreparing: false, IsCommitting: false } || Current.Status.IsTerminal())
        {
            return;
        }

        JobRecord left = Current.Left();
        try
        {
            if (await services.Records.TryWriteAsync(left, cancellationToken))
            {
                Current = left;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException
            or OperationCanceledException or JobRecordCorruptedException)
        {
            services.Logger.RecordNotWritten(exception, left.Job, 1);
        }
    }

    private async Task<bool> WriteAsync(JobRecord next, CancellationToken cancellationToken)
    {
        for (int failures = 0; ;)
        {
            try
            {
                if (await services.Records.TryWriteAsync(next, cancellationToken)
                    || await WasWrittenAsync(next, cancellationToken))
                {
                    Current = next;
                    return true;
                }

                return false;
            }
            catch (JobRecordCorruptedException exception)
            {
                services.Logger.RecordDamaged(exception, next.Job);
                return false;
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or TimeoutException)
            {
                failures++;
                services.Logger.RecordNotWritten(exception, next.Job, failures);
            }

            await services.Execution.DelayAsync(GrainCalls.Backoff(failures), cancellationToken);
        }
    }

    // An epoch has one writer: a record of this epoch and version is the one an earlier try has written.
    private async Task<bool> WasWrittenAsync(JobRecord next, CancellationToken cancellationToken) =>
        await services.Records.ReadAsync(next.Job, cancellationToken) is { } stored
        && stored.Epoch == next.Epoch
        && stored.Version == next.Version
        && stored.Owner == next.Owner;
}
