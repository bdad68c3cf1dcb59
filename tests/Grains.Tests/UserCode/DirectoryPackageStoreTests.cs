using Microsoft.Extensions.Time.Testing;
using Millrace.Jobs;

namespace Millrace.UserCode;

[TestClass]
public sealed class DirectoryPackageStoreTests
{
    [TestMethod]
    public async Task What_was_put_is_opened_byte_for_byte_also_by_another_store_on_the_directory()
    {
        using var stored = new StoredPackage();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        Assert.IsFalse(await stored.Store.ExistsAsync(id, CancellationToken.None));

        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);

        Assert.IsTrue(await stored.Store.ExistsAsync(id, CancellationToken.None));
        await using Stream opened = await stored.NewStore().OpenAsync(id, CancellationToken.None);
        var read = new MemoryStream();
        await opened.CopyToAsync(read);
        CollectionAssert.AreEqual(zip, read.ToArray());
        Assert.HasCount(1, Directory.GetFiles(stored.Folder.Combine("packages")));
    }

    [TestMethod]
    public async Task Content_of_another_id_is_refused_and_leaves_nothing()
    {
        using var stored = new StoredPackage();
        (PackageId id, _) = StoredPackage.Pack("OneJob");
        (PackageId other, byte[] zip) = StoredPackage.Pack("TwoJobs");

        PackageCorruptedException error = await Assert.ThrowsExactlyAsync<PackageCorruptedException>(
            () => stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None));

        StringAssert.Contains(error.Message, id.ToString());
        StringAssert.Contains(error.Message, other.ToString());
        await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => stored.Store.PutAsync(id, new MemoryStream("no zip"u8.ToArray()), CancellationToken.None));
        Assert.IsEmpty(Directory.GetFileSystemEntries(stored.Folder.Combine("packages")));
    }

    [TestMethod]
    public async Task A_damaged_file_is_reported_by_name_and_put_right_by_the_next_put()
    {
        using var stored = new StoredPackage();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        foreach (int kept in new[] { 0, 10, zip.Length / 2, zip.Length - 1 })
        {
            await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
            await File.WriteAllBytesAsync(stored.FileOf(id), zip[..kept]);

            PackageCorruptedException error = await Assert.ThrowsExactlyAsync<PackageCorruptedException>(
                () => stored.Store.OpenAsync(id, CancellationToken.None), $"{kept} bytes left");
            StringAssert.Contains(error.Message, stored.FileOf(id));
        }

        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        await using Stream opened = await stored.Store.OpenAsync(id, CancellationToken.None);
        Assert.AreEqual(zip.Length, opened.Length);
    }

    [TestMethod]
    public async Task A_package_that_is_not_there_is_named_with_the_directory()
    {
        using var stored = new StoredPackage();
        PackageNotFoundException error = await Assert.ThrowsExactlyAsync<PackageNotFoundException>(
            () => stored.Store.OpenAsync(default, CancellationToken.None));
        StringAssert.Contains(error.Message, default(PackageId).ToString());
        StringAssert.Contains(error.Message, stored.Folder.Combine("packages"));

        PackageId id = await stored.PutAsync("TwoJobs");
        await stored.Store.DeleteAsync(id, CancellationToken.None);
        await stored.Store.DeleteAsync(id, CancellationToken.None);
        Assert.IsFalse(await stored.Store.ExistsAsync(id, CancellationToken.None));
    }

    [TestMethod]
    public async Task A_package_or_a_store_that_grows_too_large_is_refused_naming_the_option()
    {
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        using var small = new StoredPackage(new UserCodeOptions { MaxPackageBytes = zip.Length - 1 });
        InvalidPackageException tooLarge = await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => small.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None));
        StringAssert.Contains(tooLarge.Message, "MaxPackageBytes");

        using var full = new StoredPackage(new UserCodeOptions { MaxStoreBytes = zip.Length + 100 });
        await full.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        InvalidPackageException noRoom = await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => full.PutAsync("TwoJobs"));
        StringAssert.Contains(noRoom.Message, "MaxStoreBytes");
        await full.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
    }

    [TestMethod]
    public async Task Many_that_put_the_same_package_at_once_all_succeed()
    {
        using var stored = new StoredPackage();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            stored.NewStore().PutAsync(id, new MemoryStream(zip), CancellationToken.None)));

        await using Stream opened = await stored.Store.OpenAsync(id, CancellationToken.None);
        Assert.AreEqual(zip.Length, opened.Length);
        Assert.HasCount(1, Directory.GetFiles(stored.Folder.Combine("packages")));
    }

    [TestMethod]
    public void What_a_dead_process_left_goes_away_once_it_is_old()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        using var stored = new StoredPackage(time: time);
        string leftover = stored.Folder.Combine("packages", "x.zip.1.aside");
        File.WriteAllText(leftover, "half");
        File.SetLastWriteTimeUtc(leftover, time.GetUtcNow().UtcDateTime);

        stored.NewStore();
        Assert.IsTrue(File.Exists(leftover), "somebody may still be writing it");

        time.Advance(stored.Options.LeftoverAge + TimeSpan.FromSeconds(1));
        stored.NewStore();
        Assert.IsFalse(File.Exists(leftover));
    }
}
