using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>Packages as files of one directory that all silos of the cluster see.</summary>
/// <remarks>A file is written aside, synced and renamed, so that a crash at any point leaves no half package.</remarks>
internal sealed class DirectoryPackageStore : IPackageStore
{
    private const string Ending = ".zip";

    private readonly string _directory;
    private readonly IExecution _execution;
    private readonly UserCodeOptions _options;

    public DirectoryPackageStore(string directory, IExecution execution, IOptions<UserCodeOptions> options)
    {
        _directory = Path.GetFullPath(directory);
        _execution = execution;
        _options = options.Value;
        Directory.CreateDirectory(_directory);
        AsideNames.DeleteLeftovers(_directory, execution.Time, _options.LeftoverAge);
    }

    /// <inheritdoc/>
    public string Name => $"the package store '{_directory}'";

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(PackageId id, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(PathOf(id)));

    /// <inheritdoc/>
    public async Task PutAsync(PackageId id, Stream zip, CancellationToken cancellationToken)
    {
        if (await IsIntactAsync(id, cancellationToken))
        {
            return;
        }

        string aside = AsideNames.New(PathOf(id), _execution);
        try
        {
            await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                await CopyAsync(zip, file, cancellationToken);
                file.Flush(flushToDisk: true);
                file.Position = 0;
                await VerifyAsync(id, file, "the upload", cancellationToken);
            }

            File.Move(aside, PathOf(id), overwrite: true);
        }
        finally
        {
            // Does nothing once it was renamed.
            File.Delete(aside);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(PackageId id, CancellationToken cancellationToken)
    {
        FileStream file = Open(id);
        try
        {
            await VerifyAsync(id, file, $"'{PathOf(id)}'", cancellationToken);
            file.Position = 0;
            return file;
        }
        catch (InvalidPackageException error)
        {
            await file.DisposeAsync();
            throw new PackageCorruptedException(id, $"'{PathOf(id)}'", error.Message.TrimEnd('.'));
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(PackageId id, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(id));
        return Task.CompletedTask;
    }

    private string PathOf(PackageId id) => Path.Combine(_directory, id + Ending);

    private FileStream Open(PackageId id)
    {
        try
        {
            return new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            throw new PackageNotFoundException(id, Name);
        }
    }

    private async Task<bool> IsIntactAsync(PackageId id, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream file = await OpenAsync(id, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is PackageNotFoundException or PackageCorruptedException)
        {
            // A damaged file is replaced by what is put now.
            return false;
        }
    }

    private async Task CopyAsync(Stream zip, FileStream file, CancellationToken cancellationToken)
    {
        long roomBytes = _options.MaxStoreBytes - StoredBytes();
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        for (int read = await zip.ReadAsync(buffer, cancellationToken); read > 0;
            read = await zip.ReadAsync(buffer, cancellationToken))
        {
            bytes += read;
            if (bytes > _options.MaxPackageBytes)
            {
                throw new InvalidPackageException(
                    $"The package has more than {_options.MaxPackageBytes} bytes, which is all that is allowed "
                    + "(Millrace:UserCode:MaxPackageBytes).");
            }

            if (bytes > roomBytes)
            {
                throw new InvalidPackageException(
                    $"The package does not fit into {Name}: it may keep {_options.MaxStoreBytes} bytes "
                    + "(Millrace:UserCode:MaxStoreBytes). Delete packages that no job needs.");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private long StoredBytes() =>
        new DirectoryInfo(_directory).EnumerateFiles("*" + Ending).Sum(file => file.Length);

    // Inflating and hashing take their time: not on the caller's, which may be a grain's.
    private Task VerifyAsync(PackageId id, Stream zip, string place, CancellationToken cancellationToken) =>
        _execution.RunAsync(() =>
        {
            using PackageArchive archive = PackageArchive.Open(zip, _options);
            PackageId found = archive.ComputeId(cancellationToken);
            return found == id
                ? Task.CompletedTask
                : throw new PackageCorruptedException(id, place, $"its content is that of {found}");
        });
}
