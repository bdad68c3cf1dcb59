using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>Packages unpacked on this machine, each once, in a folder named after its id.</summary>
/// <remarks>
/// Silos of one machine may share the directory: a package is unpacked aside and renamed into place, and whoever comes
/// second takes what is there. Folders stay until the directory is deleted while no silo uses it.
/// </remarks>
internal sealed class PackageCache
{
    private readonly string _directory;
    private readonly IPackageStore _store;
    private readonly IExecution _execution;
    private readonly UserCodeOptions _options;

    public PackageCache(string directory, IPackageStore store, IExecution execution, IOptions<UserCodeOptions> options)
    {
        _directory = Path.GetFullPath(directory);
        _store = store;
        _execution = execution;
        _options = options.Value;
        Directory.CreateDirectory(_directory);
        AsideNames.DeleteLeftovers(_directory, execution.Time, _options.LeftoverAge);
    }

    /// <summary>Gets a package from the store and unpacks it, unless that was done before.</summary>
    /// <exception cref="PackageNotFoundException">It is not in the store.</exception>
    /// <exception cref="PackageCorruptedException">What is in the store is not what was put.</exception>
    /// <exception cref="PackageNotServedException">It was built against something this process does not
    /// have.</exception>
    public async Task<UnpackedPackage> GetAsync(PackageId id, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(_directory, id.ToString());
        if (!Directory.Exists(folder))
        {
            await using Stream zip = await _store.OpenAsync(id, cancellationToken);
            await _execution.RunAsync(() =>
            {
                Extract(zip, folder, cancellationToken);
                return Task.CompletedTask;
            });
        }

        byte[] json = await File.ReadAllBytesAsync(
            Path.Combine(folder, JobPackageManifest.FileName), cancellationToken);
        JobPackageManifest manifest = JobPackageManifest.Parse(json);
        manifest.EnsureServed(id, JobPackageManifest.OwnInterfacesVersion);
        return new UnpackedPackage(id, manifest, folder);
    }

    private void Extract(Stream zip, string folder, CancellationToken cancellationToken)
    {
        var aside = new DirectoryInfo(AsideNames.New(folder, _execution));
        aside.Create();
        try
        {
            using (PackageArchive archive = PackageArchive.Open(zip, _options))
            {
                // Read before anything is unpacked: without a manifest it is no package.
                archive.ReadManifest();
                archive.ExtractTo(aside.FullName, cancellationToken);
            }

            MoveIntoPlace(aside.FullName, folder);
        }
        finally
        {
            AsideNames.Delete(aside);
        }
    }

    private static void MoveIntoPlace(string aside, string folder)
    {
        try
        {
            Directory.Move(aside, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process, or another job here, was faster; the content is the same.
        }
    }
}
