using System.IO.Compression;
using Millrace.Jobs;
using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

[TestClass]
public sealed class PackageCacheTests
{
    [TestMethod]
    public async Task A_package_is_unpacked_once_whole_and_without_leftovers_however_many_ask_at_once()
    {
        using var stored = new StoredPackage();
        PackageId id = await stored.PutAsync("OneJob");

        UnpackedPackage[] unpacked = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => stored.NewCache().GetAsync(id, CancellationToken.None)));

        string folder = unpacked.Select(package => package.Folder).Distinct().Single();
        Assert.AreEqual("OneJob", unpacked[0].Manifest.MainAssembly);
        Assert.IsTrue(File.Exists(unpacked[0].MainAssemblyPath));
        Assert.AreEqual("water wheel\n", await File.ReadAllTextAsync(Path.Combine(folder, "data", "words.txt")));
        Assert.HasCount(1, Directory.GetFileSystemEntries(stored.Folder.Combine("cache")));
    }

    [TestMethod]
    public async Task A_package_that_was_unpacked_needs_the_store_no_more()
    {
        using var stored = new StoredPackage();
        PackageId id = await stored.PutAsync("OneJob");
        UnpackedPackage first = await stored.Cache.GetAsync(id, CancellationToken.None);
        await stored.Store.DeleteAsync(id, CancellationToken.None);

        Assert.AreEqual(first, await stored.NewCache().GetAsync(id, CancellationToken.None));
        await Assert.ThrowsExactlyAsync<PackageNotFoundException>(
            () => stored.Cache.GetAsync(default, CancellationToken.None));
    }

    [TestMethod]
    public async Task What_is_no_job_package_is_refused_and_leaves_nothing()
    {
        using var stored = new StoredPackage();
        var zip = new MemoryStream();
        using (var writer = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            writer.CreateEntry("a");
        }

        PackageId id;
        using (PackageArchive archive = PackageArchive.Open(zip, stored.Options))
        {
            id = archive.ComputeId(CancellationToken.None);
        }

        zip.Position = 0;
        await stored.Store.PutAsync(id, zip, CancellationToken.None);

        await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => stored.Cache.GetAsync(id, CancellationToken.None));
        Assert.IsEmpty(Directory.GetFileSystemEntries(stored.Folder.Combine("cache")));
    }

    [TestMethod]
    public async Task A_package_built_against_another_version_is_refused_when_it_is_uploaded_and_when_it_is_used()
    {
        using var stored = new StoredPackage();
        (PackageId id, byte[] zip) = ForgedVersion("9.7.0.0");
        await using PackageUpload upload = PackageUpload.Begin(
            id, stored.Store, stored.Folder.Combine("uploads"), stored.Options, stored.Execution);
        await upload.AppendAsync(0, zip, CancellationToken.None);
        PackageNotServedException uploading = await Assert.ThrowsExactlyAsync<PackageNotServedException>(
            () => upload.CompleteAsync(CancellationToken.None));
        StringAssert.Contains(uploading.Message, "Millrace.Grains.Interfaces 9.7.0.0");

        // Put by a cluster that serves it, into a store that both use.
        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        PackageNotServedException using_ = await Assert.ThrowsExactlyAsync<PackageNotServedException>(
            () => stored.Cache.GetAsync(id, CancellationToken.None));
        StringAssert.Contains(using_.Message, "OneJob");
        StringAssert.Contains(using_.Message, JobPackageManifest.OwnInterfacesVersion.ToString());
    }

    private static (PackageId Id, byte[] Zip) ForgedVersion(string version)
    {
        (_, byte[] zip) = StoredPackage.Pack("OneJob");
        var forged = new MemoryStream();
        forged.Write(zip);
        using (var archive = new ZipArchive(forged, ZipArchiveMode.Update, leaveOpen: true))
        {
            archive.GetEntry(JobPackageManifest.FileName)!.Delete();
            using Stream manifest = archive.CreateEntry(JobPackageManifest.FileName).Open();
            manifest.Write(new JobPackageManifest(1, "OneJob", version, null).ToJson());
        }

        using PackageArchive package = PackageArchive.Open(forged, new UserCodeOptions());
        return (package.ComputeId(CancellationToken.None), forged.ToArray());
    }
}
