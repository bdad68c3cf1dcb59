using Millrace.Execution;
using Millrace.Jobs;
using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

/// <summary>Takes in a package chunk by chunk and hands it to a store. Disposing it abandons what was not
/// completed.</summary>
/// <remarks>One caller at a time. A chunk that is sent twice counts once, so that a call may be repeated.</remarks>
internal sealed class PackageUpload : IAsyncDisposable
{
    private readonly PackageId _id;
    private readonly IPackageStore _store;
    private readonly UserCodeOptions _options;
    private FileStream? _file;

    private PackageUpload(PackageId id, IPackageStore store, FileStream file, UserCodeOptions options)
    {
        _id = id;
        _store = store;
        _file = file;
        _options = options;
    }

    /// <summary>Bytes taken in so far.</summary>
    public long Length => Open.Length;

    private FileStream Open => _file ?? throw new ObjectDisposedException(nameof(PackageUpload));

    /// <summary>Begins an upload.</summary>
    /// <param name="id">What the content must hash to.</param>
    /// <param name="store">Gets the package when it is complete.</param>
    /// <param name="directory">For the unfinished file; created when it does not exist.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="execution">Draws the file's name.</param>
    public static PackageUpload Begin(
        PackageId id, IPackageStore store, string directory, UserCodeOptions options, IExecution execution)
    {
        Directory.CreateDirectory(directory);
        AsideNames.DeleteLeftovers(directory, execution.Time, options.LeftoverAge);
        string path = AsideNames.New(Path.Combine(directory, id.ToString()), execution);
        var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        return new PackageUpload(id, store, file, options);
    }

    /// <summary>Takes in a chunk.</summary>
    /// <param name="offset">Where it begins: <see cref="Length"/>, or less when it was sent before.</param>
    /// <param name="chunk">Not kept.</param>
    /// <param name="cancellationToken">The chunk must then be sent again.</param>
    /// <exception cref="InvalidPackageException">Something is missing before it, it overlaps the end, or the package
    /// grows too large.</exception>
    public async Task AppendAsync(long offset, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        FileStream file = Open;
        long length = file.Length;
        if (offset >= 0 && offset + chunk.Length <= length)
        {
            return;
        }

        if (offset != length)
        {
            throw new InvalidPackageException(
                $"The next chunk of package {_id} begins at byte {length}; this one begins at {offset} and has "
                + $"{chunk.Length} bytes.");
        }

        if (chunk.Length > _options.MaxPackageBytes - length)
        {
            throw new InvalidPackageException(
                $"Package {_id} has more than {_options.MaxPackageBytes} bytes, which is all that is allowed "
                + "(Millrace:UserCode:MaxPackageBytes).");
        }

        file.Position = length;
        try
        {
            await file.WriteAsync(chunk, cancellationToken);
            await file.FlushAsync(cancellationToken);
        }
        catch
        {
            // Half a chunk would make the next one look as if it had been sent before.
            file.SetLength(length);
            throw;
        }
    }

    /// <summary>Hands the package to the store, which verifies it, and ends the upload.</summary>
    /// <exception cref="PackageNotServedException">It was built against something this process does not
    /// have.</exception>
    /// <exception cref="PackageCorruptedException">The content hashes to something else.</exception>
    /// <exception cref="InvalidPackageException">It is no package, or the store is full.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        FileStream file = Open;
        file.Position = 0;
        using (PackageArchive archive = PackageArchive.Open(file, _options))
        {
            archive.ReadManifest().EnsureServed(_id, JobPackageManifest.OwnInterfacesVersion);
        }

        file.Position = 0;
        await _store.PutAsync(_id, file, cancellationToken);
        await DisposeAsync();
    }

    /// <summary>Ends the upload; its file is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_file is { } file)
        {
            _file = null;
            await file.DisposeAsync();
        }
    }
}
