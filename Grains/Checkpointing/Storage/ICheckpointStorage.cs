using Millrace.Execution.Files;
using Millrace.Jobs;

namespace Millrace.Checkpointing.Storage;

/// <summary>Keeps the files of checkpoints and savepoints where every silo of the cluster finds them.
/// Thread-safe.</summary>
/// <remarks>
/// A file is named within its job (one of <see cref="CheckpointFiles"/>), or by an absolute address: a URI
/// (<c>file:///…</c>) or a path that begins with a slash. An absolute one belongs to no job: what is removed with a job
/// does not reach it. A file is there whole, durably, or not at all, whatever process dies. One file has one writer at
/// a time.
/// </remarks>
internal interface ICheckpointStorage
{
    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="job">Whose it is.</param>
    /// <param name="file">Within the job, or absolute.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="cancellationToken">Gives up; the file is not there then, or what it was before.</param>
    /// <exception cref="IOException">It cannot be written; trying again may help.</exception>
    Task WriteAsync(JobId job, string file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Writes a file of any size, or replaces it, without holding its bytes.</summary>
    /// <param name="job">Whose it is.</param>
    /// <param name="file">Within the job, or absolute.</param>
    /// <param name="write">Called once, off the caller's thread. It writes forward, synchronously (which may block) or
    /// not, and waits for nothing but the stream; it neither flushes nor disposes it. When it throws, the file is not
    /// there, or what it was before, and the exception comes out. The task ends no earlier than it, also when the write
    /// is given up: what it reads from is free then.</param>
    /// <param name="cancellationToken">Gives up; the file is not there then, or what it was before.</param>
    /// <exception cref="IOException">It cannot be written; trying again may help.</exception>
    Task WriteAsync(
        JobId job,
        string file,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken);

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointCorruptedException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be read; trying again may help.</exception>
    Task<byte[]> ReadAsync(JobId job, string file, CancellationToken cancellationToken);

    /// <summary>Reads a file that may be missing.</summary>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="IOException">It cannot be read; trying again may help.</exception>
    async Task<byte[]?> TryReadAsync(JobId job, string file, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(job, file, cancellationToken);
        }
        catch (CheckpointCorruptedException)
        {
            return null;
        }
    }

    /// <summary>Opens a file of any size.</summary>
    /// <returns>For any number of readers; the caller disposes it. It is the file that is there now, whatever takes its
    /// place: a read that would give another one fails.</returns>
    /// <exception cref="CheckpointCorruptedException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be opened; trying again may help.</exception>
    Task<StoredFile> OpenReadAsync(JobId job, string file, CancellationToken cancellationToken);

    /// <summary>What is in a folder and in the folders below it, in the order of the names.</summary>
    /// <param name="job">Whose it is.</param>
    /// <param name="folder">Within the job, empty for all of the job's; or absolute. A missing one has no
    /// files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Names from the folder on, parts joined by slashes. Also what writes have left that did not
    /// end.</returns>
    /// <exception cref="IOException">It cannot be read; trying again may help.</exception>
    Task<IReadOnlyList<string>> ListAsync(JobId job, string folder, CancellationToken cancellationToken);

    /// <summary>Removes files, and what writes of them have left that did not end. Missing ones are no error.</summary>
    /// <param name="job">Whose they are.</param>
    /// <param name="files">Within the job, or absolute.</param>
    /// <param name="cancellationToken">Gives up; some may be gone.</param>
    /// <exception cref="IOException">One cannot be removed; trying again may help.</exception>
    Task DeleteAsync(JobId job, IReadOnlyCollection<string> files, CancellationToken cancellationToken);

    /// <summary>Removes all files of a checkpoint, if there are any.</summary>
    Task DeleteAsync(JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken);

    /// <summary>Removes all files of a job.</summary>
    Task DeleteAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Where a file is, for people.</summary>
    string Describe(JobId job, string file);
}
