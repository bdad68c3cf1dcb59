using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Jobs;
using Millrace.Storage;

namespace Millrace.UserCode.Packages;

/// <summary>Packages as files of one directory that all silos of the cluster see.</summary>
/// <remarks>A file is written aside, synced and renamed, so that a crash at any point leaves no half package.</remarks>
internal sealed class DirectoryPackageStore : IPackageStore
{
    private const string Ending = ".zip";

    private readonly string _directory;
    private readonly IExecution _execution;
    private readonly PackageIntake _intake;

    public DirectoryPackageStore(string directory, IExecution execution, IOptions<UserCodeOptions> options)
    {
        _directory = StorageLocation.RootOf(directory);
        _execution = execution;
        _intake = new PackageIntake(Name, execution, options.Value);
        Directory.CreateDirectory(_directory);
        AsideNames.DeleteLeftovers(_directory, execution.Time, options.Value.LeftoverAge);
    }

    /// <inheritdoc/>
    public string Name => $"the package store '{_directory}'";

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(PackageId id, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(PathOf(id)));

    /// <inheritdoc/>
    public async Task PutAsync(PackageId id, Stream zip, CancellationToken cancellationToken)
    {
        if (await PackageIntake.IsIntactAsync(this, id, cancellationToken))
        {
            return;
        }

        string aside = AsideNames.New(PathOf(id), _execution);
        try
        {
            await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                await _intake.CopyAsync(zip, file, StoredBytes(), cancellationToken);
                file.Flush(flushToDisk: true);
                await _intake.VerifyAsync(id, file, "the upload", cancellationToken);
            }

            File.Move(aside, PathOf(id), overwrite: true);
            DirectoryEntries.Flush(_directory);
        }
        finally
        {
            // Does nothing once it was renamed.
            File.Delete(aside);
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(PackageId id, CancellationToken cancellationToken) =>
        _intake.OpenAsync(id, Open(id), $"'{PathOf(id)}'", cancellationToken);

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

    private long StoredBytes() =>
        new DirectoryInfo(_directory).EnumerateFiles("*" + Ending).Sum(file => file.Length);
}
