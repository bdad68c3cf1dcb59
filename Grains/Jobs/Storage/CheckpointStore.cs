using System.Collections.Immutable;
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
    /// <summary>Kind of the file that says that all a checkpoint commits is visible.</summary>
    public const string CommittedKind = "millrace-committed";

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

    /// <summary>Notes that all a checkpoint commits is visible.</summary>
    /// <returns>False when that could not be noted: whoever goes on from it commits it again.</returns>
    public Task<bool> MarkCommittedAsync(
        JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken) => TryAsync(
            () => storage.WriteAsync(
                job,
                CheckpointFiles.Committed(checkpoint),
                JobRecordFormat.Write(CommittedKind, checkpoint),
                cancellationToken),
            failure => logger.CommitNotMarked(failure, job, checkpoint.Number));

    /// <summary>Reads what a checkpoint consists of, without what it commits when that is visible.</summary>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is not what was written.</exception>
    /// <exception cref="IOException">It cannot be read; trying again may help.</exception>
    public async Task<CheckpointMetadata> ReadAsync(
        JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken)
    {
        CheckpointMetadata? metadata = null;
        await execution.RunAsync(async () =>
        {
            string file = CheckpointFiles.Metadata(checkpoint);
            byte[] bytes = await storage.ReadAsync(job, file, cancellationToken);
            metadata = Parse(storage.Describe(job, file), bytes);
            if (metadata.Job != job || metadata.Reference != checkpoint)
            {
                throw new CheckpointCorruptedException(
                    storage.Describe(job, file), $"it is that of checkpoint {metadata.Number} of job {metadata.Job}.");
            }

            metadata = await WithoutCommittedAsync(
                metadata, () => storage.TryReadAsync(job, CheckpointFiles.Committed(checkpoint), cancellationToken));
        });
        return metadata!;
    }

    /// <summary>A checkpoint without what it commits, when that is visible already.</summary>
    /// <param name="metadata">What it consists of.</param>
    /// <param name="mark">Reads the file that says so; null when there is none.</param>
    public static async Task<CheckpointMetadata> WithoutCommittedAsync(
        CheckpointMetadata metadata, Func<Task<byte[]?>> mark)
    {
        if (metadata.Committables.IsEmpty || await mark() is not { } bytes)
        {
            return metadata;
        }

        try
        {
            CheckpointReference marked = JobRecordFormat.Read<CheckpointReference>(
                CommittedKind, CheckpointFiles.CommittedName, bytes);
            return marked == metadata.Reference ? metadata with { Committables = [] } : metadata;
        }
        catch (JobRecordCorruptedException)
        {
            // Committing again finds what is there.
            return metadata;
        }
    }

    /// <summary>Removes files that nobody needs any more. What cannot be removed is left with the job's other
    /// files.</summary>
    /// <param name="job">Whose they are.</param>
    /// <param name="epoch">Who removes them: files of later epochs are left alone.</param>
    /// <param name="garbage">Which ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task CleanAsync(
        JobId job, JobEpoch epoch, CheckpointGarbage garbage, CancellationToken cancellationToken) =>
        RemoveAsync(job, async () =>
        {
            if (garbage.Keep is { } keep)
            {
                await SweepAsync(job, epoch, keep, garbage.Below, cancellationToken);
            }

            if (!garbage.Files.IsEmpty)
            {
                await storage.DeleteAsync(job, garbage.Files, cancellationToken);
            }
        });

    /// <summary>Removes all checkpoints of a job.</summary>
    /// <returns>False when some of it could not be removed: it is to be tried again.</returns>
    public Task<bool> ForgetAsync(JobId job, CancellationToken cancellationToken) =>
        RemoveAsync(job, () => storage.DeleteAsync(job, cancellationToken));

    /// <summary>Reads the file that says what a checkpoint consists of.</summary>
    /// <exception cref="CheckpointCorruptedException">It is not what was written.</exception>
    public static CheckpointMetadata Parse(string place, byte[] bytes)
    {
        try
        {
            return JobRecordFormat.Read<CheckpointMetadata>(Kind, place, bytes);
        }
        catch (JobRecordCorruptedException exception)
        {
            // Either the first line is wrong, or what follows is not what it says.
            bool hasHead = bytes.AsSpan().StartsWith(JobRecordFormat.HeadOf(Kind));
            int head = hasHead ? bytes.AsSpan().IndexOf((byte)'\n') + 1 : 0;
            throw new CheckpointCorruptedException(place, exception.Message, exception, head);
        }
    }

    private async Task SweepAsync(
        JobId job, JobEpoch epoch, ImmutableArray<KeptFiles> keep, long below, CancellationToken cancellationToken)
    {
        HashSet<string> kept = [];
        foreach (KeptFiles checkpoint in keep)
        {
            kept.UnionWith(
                checkpoint.Files ?? (await ReadAsync(job, checkpoint.Checkpoint, cancellationToken)).Files());
        }

        string[] left =
        [
            .. (await storage.ListAsync(job, "", cancellationToken)).Where(file => !kept.Contains(file)
                && CheckpointFiles.CheckpointOf(file) is { } writer
                && (writer.Epoch < epoch || (writer.Epoch == epoch && writer.Number < below))),
        ];
        if (left.Length > 0)
        {
            await storage.DeleteAsync(job, left, cancellationToken);
            logger.LeftoversRemoved(job, left.Length);
        }
    }

    private Task<bool> RemoveAsync(JobId job, Func<Task> remove) =>
        TryAsync(remove, failure => logger.CheckpointNotRemoved(failure, job));

    private async Task<bool> TryAsync(Func<Task> work, Action<Exception> failed)
    {
        try
        {
            await execution.RunAsync(work);
            return true;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or TimeoutException or CheckpointCorruptedException)
        {
            failed(exception);
            return false;
        }
    }
}
