using Millrace.Checkpointing.Storage;
using Millrace.Execution.Files;
using Millrace.Jobs;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>The checkpoints of a silo's subtasks: what they write is kept on the silo's disk too, and what they are
/// restored from is read there when it is whole. Thread-safe.</summary>
/// <param name="below">Where checkpoints are.</param>
/// <param name="copies">The copies; they belong to it. Null for none.</param>
internal sealed class SiloCheckpointStorage(ICheckpointStorage below, LocalCopies? copies)
    : ICheckpointStorage, IDisposable
{
    private long _copiesRead;
    private long _filesRead;

    /// <summary>What is kept on the silo's disk; null for nothing.</summary>
    public LocalCopies? Copies => copies;

    /// <summary>Files that were read from their copies.</summary>
    public long CopiesRead => Interlocked.Read(ref _copiesRead);

    /// <summary>Files that were read where checkpoints are.</summary>
    public long FilesRead => Interlocked.Read(ref _filesRead);

    public Task WriteAsync(JobId job, string file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(
            job, file, (stream, cancellation) => stream.WriteAsync(bytes, cancellation).AsTask(), cancellationToken);

    public async Task WriteAsync(
        JobId job,
        string file,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        using LocalCopyWriter? copy = CopiedFile.Of(file) is { } copied ? copies?.Begin(job, copied) : null;
        if (copy is null)
        {
            await below.WriteAsync(job, file, write, cancellationToken);
            return;
        }

        await below.WriteAsync(
            job,
            file,
            async (stream, cancellation) =>
            {
                using CopyingStream both = new(stream, copy);
                await write(both, cancellation);
            },
            cancellationToken);
        copy.Complete();
    }

    public Task<byte[]> ReadAsync(JobId job, string file, CancellationToken cancellationToken) =>
        below.ReadAsync(job, file, cancellationToken);

    public async Task<StoredFile> OpenReadAsync(JobId job, string file, CancellationToken cancellationToken)
    {
        if (copies is not null && copies.TryUse(job, file, out LocalCopy? copy))
        {
            if (await IsWholeAsync(copy, cancellationToken))
            {
                Interlocked.Increment(ref _copiesRead);
                return new CopyFile(copy, copies.Execution);
            }

            copy.Release();
        }

        Interlocked.Increment(ref _filesRead);
        return await below.OpenReadAsync(job, file, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListAsync(JobId job, string folder, CancellationToken cancellationToken) =>
        below.ListAsync(job, folder, cancellationToken);

    public Task DeleteAsync(
        JobId job, IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        below.DeleteAsync(job, files, cancellationToken);

    public Task DeleteAsync(JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken) =>
        below.DeleteAsync(job, checkpoint, cancellationToken);

    public Task DeleteAsync(JobId job, CancellationToken cancellationToken) =>
        below.DeleteAsync(job, cancellationToken);

    public string Describe(JobId job, string file) => below.Describe(job, file);

    /// <inheritdoc/>
    public void Dispose() => copies?.Dispose();

    // Whatever is wrong with it, the checkpoint itself is elsewhere.
    private static async Task<bool> IsWholeAsync(LocalCopy copy, CancellationToken cancellationToken)
    {
        string? finding;
        try
        {
            finding = await copy.CheckAsync(cancellationToken);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            finding = exception.Message;
        }
        catch
        {
            copy.Release();
            throw;
        }

        if (finding is not null)
        {
            copy.Owner.Discard(copy, finding);
        }

        return finding is null;
    }
}
