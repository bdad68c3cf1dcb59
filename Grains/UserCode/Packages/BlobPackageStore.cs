using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Jobs;
using Millrace.Storage;
using Millrace.Storage.Blobs;

namespace Millrace.UserCode.Packages;

/// <summary>Packages as blobs of one folder.</summary>
/// <remarks>A package passes through a file of this machine, where it is verified: on its way in, so that nothing else
/// is ever stored under its id, and on its way out.</remarks>
internal sealed class BlobPackageStore : IPackageStore
{
    private const string Ending = ".zip";
    private const int FileBufferBytes = 1 << 16;

    private readonly string _root;
    private readonly AzureBlobFileSystem _blobs;
    private readonly IExecution _execution;
    private readonly PackageIntake _intake;
    private readonly string _aside;

    public BlobPackageStore(
        string location, AzureBlobFileSystem blobs, IExecution execution, IOptions<UserCodeOptions> options)
    {
        _root = StorageLocation.RootOf(location);
        _blobs = blobs;
        _execution = execution;
        _intake = new PackageIntake(Name, execution, options.Value);
        _aside = Path.GetFullPath(options.Value.Uploads);
        Directory.CreateDirectory(_aside);
        AsideNames.DeleteLeftovers(_aside, execution.Time, options.Value.LeftoverAge);
    }

    /// <inheritdoc/>
    public string Name => $"the package store '{_root}'";

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(PackageId id, CancellationToken cancellationToken) =>
        _blobs.ExistsAsync(AddressOf(id), cancellationToken);

    /// <inheritdoc/>
    public async Task PutAsync(PackageId id, Stream zip, CancellationToken cancellationToken)
    {
        if (await PackageIntake.IsIntactAsync(this, id, cancellationToken))
        {
            return;
        }

        IReadOnlyList<ListedBlob> stored = await _blobs.ListBlobsAsync(_root, cancellationToken);
        await using FileStream file = NewFile(id);
        await _intake.CopyAsync(
            zip,
            file,
            stored.Where(blob => blob.Name.EndsWith(Ending, StringComparison.Ordinal)).Sum(blob => blob.Length),
            cancellationToken);
        await _intake.VerifyAsync(id, file, "the upload", cancellationToken);
        file.Position = 0;
        await _blobs.WriteAsync(
            AddressOf(id),
            (stream, _) =>
            {
                file.CopyTo(stream);
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(PackageId id, CancellationToken cancellationToken)
    {
        FileStream file = NewFile(id);
        try
        {
            await _blobs.CopyToAsync(AddressOf(id), file, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            await file.DisposeAsync();
            throw new PackageNotFoundException(id, Name);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        return await _intake.OpenAsync(id, file, $"'{AddressOf(id)}'", cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(PackageId id, CancellationToken cancellationToken) =>
        _blobs.DeleteAsync([AddressOf(id)], cancellationToken);

    private string AddressOf(PackageId id) => $"{_root}/{id}{Ending}";

    private FileStream NewFile(PackageId id) => new(
        AsideNames.New(Path.Combine(_aside, id.ToString()), _execution),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        FileShare.None,
        FileBufferBytes,
        FileOptions.DeleteOnClose | FileOptions.Asynchronous);
}
