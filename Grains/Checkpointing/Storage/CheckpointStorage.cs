using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Jobs;
using Millrace.Storage;

namespace Millrace.Checkpointing.Storage;

/// <summary>Keeps the files of each job in a folder of its own below one place, and others where their address
/// says.</summary>
internal sealed class CheckpointStorage : ICheckpointStorage
{
    private readonly string _root;
    private readonly FileSystems _fileSystems;
    private readonly WritePace? _pace;

    public CheckpointStorage(IOptions<CheckpointOptions> options, FileSystems fileSystems, IExecution execution)
        : this(
            options.Value.Directory,
            fileSystems,
            options.Value.BytesPerSecond is long pace ? new WritePace(pace, execution) : null)
    {
    }

    /// <param name="location">The place of all jobs' files.</param>
    /// <param name="fileSystems">Reach it.</param>
    /// <param name="pace">How fast files of any size are written; null for as fast as they can be.</param>
    internal CheckpointStorage(string location, FileSystems fileSystems, WritePace? pace = null)
    {
        _root = StorageLocation.RootOf(location);
        _fileSystems = fileSystems;
        _pace = pace;
    }

    /// <summary>For files that are named by absolute addresses, and no others: it is no place of jobs.</summary>
    internal static CheckpointStorage OfAddresses(FileSystems fileSystems) => new("/", fileSystems);

    public Task WriteAsync(JobId job, string file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string address = AddressOf(job, file);
        return _fileSystems.Of(address).WriteAsync(
            address, (stream, cancellation) => stream.WriteAsync(bytes, cancellation).AsTask(), cancellationToken);
    }

    public Task WriteAsync(
        JobId job,
        string file,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        string address = AddressOf(job, file);
        return _fileSystems.Of(address).WriteAsync(
            address,
            _pace is null ? write : (stream, cancellation) => WriteAsync(stream, write, _pace, cancellation),
            cancellationToken);
    }

    public Task<byte[]> ReadAsync(JobId job, string file, CancellationToken cancellationToken) =>
        ReadAsync(job, file, (files, address) => files.ReadAsync(address, cancellationToken));

    public Task<StoredFile> OpenReadAsync(JobId job, string file, CancellationToken cancellationToken) =>
        ReadAsync(job, file, (files, address) => files.OpenReadAsync(address, cancellationToken));

    public Task<IReadOnlyList<string>> ListAsync(JobId job, string folder, CancellationToken cancellationToken)
    {
        string address = folder.Length == 0 ? FolderOf(job) : AddressOf(job, folder);
        return _fileSystems.Of(address).ListAsync(address, cancellationToken);
    }

    public async Task DeleteAsync(
        JobId job, IReadOnlyCollection<string> files, CancellationToken cancellationToken)
    {
        foreach (var part in files.Select(file => AddressOf(job, file)).GroupBy(_fileSystems.Of))
        {
            await part.Key.DeleteAsync([.. part], cancellationToken);
        }
    }

    public Task DeleteAsync(JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken)
    {
        string folder = AddressOf(job, CheckpointFiles.Folder(checkpoint));
        return _fileSystems.Of(folder).DeleteFolderAsync(folder, cancellationToken);
    }

    public Task DeleteAsync(JobId job, CancellationToken cancellationToken) =>
        _fileSystems.Of(_root).DeleteFolderAsync(FolderOf(job), cancellationToken);

    public string Describe(JobId job, string file)
    {
        string address = AddressOf(job, file);
        return _fileSystems.Of(address).Describe(address);
    }

    private static async Task WriteAsync(
        Stream stream, Func<Stream, CancellationToken, Task> write, WritePace pace, CancellationToken cancellationToken)
    {
        using PacedStream paced = new(stream, pace, cancellationToken);
        await write(paced, cancellationToken);
    }

    private async Task<T> ReadAsync<T>(JobId job, string file, Func<IFileSystem, string, Task<T>> read)
    {
        string address = AddressOf(job, file);
        IFileSystem files = _fileSystems.Of(address);
        try
        {
            return await read(files, address);
        }
        catch (FileNotFoundException exception)
        {
            throw new CheckpointCorruptedException(files.Describe(address), "it is missing.", exception);
        }
    }

    private string FolderOf(JobId job) => $"{_root}/{job}";

    private string AddressOf(JobId job, string file) =>
        CheckpointFiles.IsAbsolute(file) ? file : $"{FolderOf(job)}/{CheckpointFiles.Checked(file)}";
}
