using Microsoft.Extensions.Logging;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Failures;

namespace Millrace.Jobs.Storage;

/// <summary>Writes savepoints, and opens what new jobs are to go on from.</summary>
/// <remarks>A folder of its own for each, in which files are named without any directory: it may be moved or copied
/// (docs/formats/savepoint.md).</remarks>
internal sealed class SavepointStore(ICheckpointStorage storage, IExecution execution, ILogger<CheckpointStore> logger)
{
    /// <summary>Stores what a savepoint consists of: from then on it can be opened. Said again, it is
    /// replaced.</summary>
    /// <param name="folder">Absolute URI of its folder, in which the files of its subtasks are.</param>
    /// <param name="metadata">What it consists of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it could not be stored, or null.</returns>
    public async Task<FailureInfo?> WriteAsync(
        string folder, SavepointMetadata metadata, CancellationToken cancellationToken)
    {
        FailureInfo? failure = null;
        await execution.RunAsync(async () =>
        {
            try
            {
                string within = folder + "/";
                SavepointMetadata stored = metadata with
                {
                    Snapshot = metadata.Snapshot.WithFiles(file => file.StartsWith(within, StringComparison.Ordinal)
                        ? file[within.Length..]
                        : file),
                };
                await storage.WriteAsync(
                    metadata.Snapshot.Job,
                    SavepointFiles.In(folder, SavepointFiles.Metadata),
                    JobRecordFormat.Write(SavepointFolder.Kind, stored),
                    cancellationToken);
                await SweepAsync(metadata.Snapshot.Job, folder, stored.Snapshot, cancellationToken);
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or TimeoutException)
            {
                failure = FailureInfo.Of(exception);
            }
        });
        return failure;
    }

    /// <summary>Removes all that is there of a savepoint that came to nothing.</summary>
    /// <returns>False when some of it may be left: it is to be tried again.</returns>
    public Task<bool> DiscardAsync(JobId job, string folder, CancellationToken cancellationToken) =>
        TryAsync(job, folder, async () =>
        {
            // First what makes it look like a savepoint.
            await DeleteAsync(job, [SavepointFiles.In(folder, SavepointFiles.Metadata)], cancellationToken);
            await DeleteAsync(
                job, await ListAsync(job, folder, SavepointFiles.IsOwn, cancellationToken), cancellationToken);
        });

    /// <summary>Removes files of a savepoint that a job has claimed. What cannot be removed is left.</summary>
    public Task RemoveAsync(
        JobId job, string folder, IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        TryAsync(job, folder, () => DeleteAsync(job, files, cancellationToken));

    /// <summary>Opens what a job was submitted to go on from, as its plan can use it.</summary>
    /// <returns>Null for a job that begins.</returns>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is not what was written.</exception>
    /// <exception cref="IncompatibleSavepointException">The plan cannot go on from it.</exception>
    public async Task<CheckpointMetadata?> OpenAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        if (submission.Restore is not { } restore)
        {
            return null;
        }

        SavepointMetadata savepoint = await ReadAsync(submission.Job, restore.Path, cancellationToken);
        StateAssignment assignment = new(savepoint, restore);
        CheckpointMetadata begin = assignment.To(submission.Graph);
        foreach (string left in assignment.LeftBehind(submission.Graph))
        {
            logger.LeftBehind(submission.Job, restore.Path, left);
        }

        foreach (string unknown in assignment.NotTold)
        {
            logger.NotTold(submission.Job, restore.Path, unknown);
        }

        return begin;
    }

    /// <summary>Reads what a savepoint, or a checkpoint that was kept, consists of.</summary>
    /// <param name="job">Who reads.</param>
    /// <param name="path">Its folder: an absolute path or URI.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>With absolute URIs of its files.</returns>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is not what was written.</exception>
    public Task<SavepointMetadata> ReadAsync(JobId job, string path, CancellationToken cancellationToken) =>
        SavepointFolder.ReadAsync(path, file => storage.TryReadAsync(job, file, cancellationToken));

    private Task DeleteAsync(JobId job, IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        files.Count == 0
            ? Task.CompletedTask
            : execution.RunAsync(() => storage.DeleteAsync(job, files, cancellationToken));

    // Of attempts before, when the same savepoint was asked for again after its job was taken over. Whatever becomes of
    // them, the savepoint is whole.
    private Task SweepAsync(
        JobId job, string folder, CheckpointMetadata stored, CancellationToken cancellationToken) =>
        TryAsync(job, folder, async () =>
        {
            HashSet<string> named = [.. stored.Files(), SavepointFiles.Metadata];
            string[] left = await ListAsync(
                job, folder, name => SavepointFiles.IsOwn(name) && !named.Contains(name), cancellationToken);
            await DeleteAsync(job, left, cancellationToken);
        });

    private async Task<string[]> ListAsync(
        JobId job, string folder, Func<string, bool> isWanted, CancellationToken cancellationToken) =>
    [
        .. (await storage.ListAsync(job, folder, cancellationToken)).Where(isWanted)
            .Select(name => SavepointFiles.In(folder, name)),
    ];

    private async Task<bool> TryAsync(JobId job, string folder, Func<Task> remove)
    {
        try
        {
            await remove();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            logger.SavepointNotRemoved(exception, job, SavepointLocation.Describe(folder));
            return false;
        }
    }
}
