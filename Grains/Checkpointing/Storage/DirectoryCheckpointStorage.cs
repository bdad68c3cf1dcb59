using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Jobs;
using Millrace.Jobs.Storage;

namespace Millrace.Checkpointing.Storage;

/// <summary>Keeps the files of each job in a directory of its own.</summary>
internal sealed class DirectoryCheckpointStorage : ICheckpointStorage
{
    private readonly string _directory;
    private readonly IExecution _execution;
    private readonly FileReplacement _files = new();

    public DirectoryCheckpointStorage(IOptions<CheckpointOptions> options, IExecution execution)
        : this(options.Value.Directory, execution)
    {
    }

    internal DirectoryCheckpointStorage(string directory, IExecution execution)
    {
        _directory = Path.GetFullPath(directory);
        _execution = execution;
    }

    public Task WriteAsync(JobId job, string file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _execution.RunBlockingAsync("checkpoint files", () =>
        {
            string path = Describe(job, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _files.Replace(path, bytes.Span, cancellationToken);
        });

    public async Task<byte[]> ReadAsync(JobId job, string file, CancellationToken cancellationToken)
    {
        byte[] bytes = [];
        string path = Describe(job, file);
        await _execution.RunBlockingAsync("checkpoint files", () =>
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                bytes = File.ReadAllBytes(path);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new CheckpointCorruptedException(path, "it is missing.", exception);
            }
        });
        return bytes;
    }

    public Task DeleteAsync(JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken) =>
        RemoveAsync(Describe(job, CheckpointFiles.Folder(checkpoint)), cancellationToken);

    public Task DeleteAsync(JobId job, CancellationToken cancellationToken) =>
        RemoveAsync(Path.Combine(_directory, job.ToString()), cancellationToken);

    public string Describe(JobId job, string file) => Path.Combine(_directory, job.ToString(), file);

    private Task RemoveAsync(string path, CancellationToken cancellationToken) =>
        _execution.RunBlockingAsync("checkpoint files", () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        });
}
