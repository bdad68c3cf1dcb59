using Microsoft.Extensions.Logging;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Failures;

namespace Millrace.Jobs.Storage;

/// <summary>What the checkpoints of jobs consist of, beside the files of their subtasks.</summary>
/// <remarks>Stored in the form of job records: a line with kind, version and checksum, then JSON.</remarks>
internal sealed class CheckpointStore(ICheckpointStorage storage, IExecution execution, ILogger<CheckpointStore> logger)
{
    private const string Kind = "millrace-checkpoint";

    /// <summary>Stores what a checkpoint consists of: from then on it can be read.</summary>
    /// <returns>Why it could not be stored, or null.</returns>
    public async Task<FailureInfo?> WriteAsync(CheckpointMetadata metadata, CancellationToken cancellationToken)
    {
        FailureInfo? failure = null;
        await execution.RunAsync(async () =>
        {
            try
            {
                byte[] bytes = JobRecordFormat.Write(Kind, metadata);
                await storage.WriteAsync(
                    metadata.Job, CheckpointFiles.Metadata(metadata.Reference), bytes, cancellationToken);
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or TimeoutException)
            {
                failure = FailureInfo.Of(exception);
            }
        });
        return failure;
    }

    /// <summary>Reads what a checkpoint consists of.</summary>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is not what was written.</exception>
    public async Task<CheckpointMetadata> ReadAsync(
        JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken)
    {
        string file = CheckpointFiles.Metadata(checkpoint);
        byte[] bytes = await storage.ReadAsync(job, file, cancellationToken);
        try
        {
            return JobRecordFormat.Read<CheckpointMetadata>(Kind, storage.Describe(job, file), bytes);
        }
        catch (JobRecordCorruptedException exception)
        {
            throw new CheckpointCorruptedException(storage.Describe(job, file), exception.Message, exception);
        }
    }

    /// <summary>Removes a checkpoint that nobody goes back to. What cannot be removed is left with the job's other
    /// files.</summary>
    public Task ForgetAsync(JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken) =>
        RemoveAsync(job, () => storage.DeleteAsync(job, checkpoint, cancellationToken));

    /// <summary>Removes all checkpoints of a job.</summary>
    public Task ForgetAsync(JobId job, CancellationToken cancellationToken) =>
        RemoveAsync(job, () => storage.DeleteAsync(job, cancellationToken));

    private async Task RemoveAsync(JobId job, Func<Task> remove)
    {
        try
        {
            await execution.RunAsync(remove);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            logger.CheckpointNotRemoved(exception, job);
        }
    }
}
