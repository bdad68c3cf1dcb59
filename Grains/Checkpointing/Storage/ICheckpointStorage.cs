using Millrace.Jobs;

namespace Millrace.Checkpointing.Storage;

/// <summary>Keeps the files of checkpoints where every silo of the cluster finds them. Thread-safe.</summary>
/// <remarks>A file is there whole, durably, or not at all, whatever process dies.</remarks>
internal interface ICheckpointStorage
{
    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="job">Whose it is.</param>
    /// <param name="file">One of <see cref="CheckpointFiles"/>.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="cancellationToken">Gives up; the file is not there then, or what it was before.</param>
    /// <exception cref="IOException">It cannot be written; trying again may help.</exception>
    Task WriteAsync(JobId job, string file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointCorruptedException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be read; trying again may help.</exception>
    Task<byte[]> ReadAsync(JobId job, string file, CancellationToken cancellationToken);

    /// <summary>Removes all files of a checkpoint, if there are any.</summary>
    Task DeleteAsync(JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken);

    /// <summary>Removes all files of a job.</summary>
    Task DeleteAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Where a file is, for people.</summary>
    string Describe(JobId job, string file);
}
