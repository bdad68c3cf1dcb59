using Millrace.Jobs;
using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

/// <summary>A store, an unpacking cache and the packages of the test job projects.</summary>
internal sealed class StoredPackage : IDisposable
{
    public StoredPackage(UserCodeOptions? options = null, TimeProvider? time = null)
    {
        Options = options ?? new UserCodeOptions();
        Execution = new PoolExecution(time);
        Store = NewStore();
        Cache = NewCache();
    }

    public TemporaryFolder Folder { get; } = new();

    public UserCodeOptions Options { get; }

    public PoolExecution Execution { get; }

    public DirectoryPackageStore Store { get; }

    public PackageCache Cache { get; }

    public DirectoryPackageStore NewStore() =>
        new(Folder.Combine("packages"), Execution, Microsoft.Extensions.Options.Options.Create(Options));

    public PackageCache NewCache() =>
        new(Folder.Combine("cache"), Store, Execution, Microsoft.Extensions.Options.Options.Create(Options));

    public static (PackageId Id, byte[] Zip) Pack(string project)
    {
        JobPackage package = JobPackage.OfFolder(BuiltJobs.Folder(project), null, new UserCodeOptions());
        var zip = new MemoryStream();
        package.WriteTo(zip);
        return (package.Id, zip.ToArray());
    }

    public async Task<PackageId> PutAsync(string project)
    {
        (PackageId id, byte[] zip) = Pack(project);
        await Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        return id;
    }

    public string FileOf(PackageId id) => Folder.Combine("packages", id + ".zip");

    public void Dispose() => Folder.Dispose();
}
