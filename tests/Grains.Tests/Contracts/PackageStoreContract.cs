using Millrace.Jobs;
using Millrace.UserCode;

namespace Millrace.Contracts;

/// <summary>What every package store promises (<see cref="IPackageStore"/>).</summary>
public abstract class PackageStoreContract
{
    [TestMethod]
    public async Task What_was_put_is_opened_byte_for_byte_also_by_another_store_on_the_directory()
    {
        await using StoredPackages stored = await StoreAsync();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        Assert.IsFalse(await stored.Store.ExistsAsync(id, CancellationToken.None));

        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);

        Assert.IsTrue(await stored.Store.ExistsAsync(id, CancellationToken.None));
        await using Stream opened = await stored.NewStore().OpenAsync(id, CancellationToken.None);
        var read = new MemoryStream();
        await opened.CopyToAsync(read);
        CollectionAssert.AreEqual(zip, read.ToArray());
        Assert.HasCount(1, await stored.NamesAsync());
    }

    [TestMethod]
    public async Task Content_of_another_id_is_refused_and_leaves_nothing()
    {
        await using StoredPackages stored = await StoreAsync();
        (PackageId id, _) = StoredPackage.Pack("OneJob");
        (PackageId other, byte[] zip) = StoredPackage.Pack("TwoJobs");

        PackageCorruptedException error = await Assert.ThrowsExactlyAsync<PackageCorruptedException>(
            () => stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None));

        StringAssert.Contains(error.Message, id.ToString());
        StringAssert.Contains(error.Message, other.ToString());
        await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => stored.Store.PutAsync(id, new MemoryStream("no zip"u8.ToArray()), CancellationToken.None));
        Assert.IsEmpty(await stored.NamesAsync());
    }

    [TestMethod]
    public async Task A_damaged_file_is_reported_by_name_and_put_right_by_the_next_put()
    {
        await using StoredPackages stored = await StoreAsync();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        foreach (int kept in new[] { 0, 10, zip.Length / 2, zip.Length - 1 })
        {
            await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
            await stored.OverwriteAsync(id, zip[..kept]);

            PackageCorruptedException error = await Assert.ThrowsExactlyAsync<PackageCorruptedException>(
                () => stored.Store.OpenAsync(id, CancellationToken.None), $"{kept} bytes left");
            StringAssert.Contains(error.Message, stored.PlaceOf(id));
        }

        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        await using Stream opened = await stored.Store.OpenAsync(id, CancellationToken.None);
        Assert.AreEqual(zip.Length, opened.Length);
    }

    [TestMethod]
    public async Task A_package_that_is_not_there_is_named_with_the_store()
    {
        await using StoredPackages stored = await StoreAsync();
        PackageNotFoundException error = await Assert.ThrowsExactlyAsync<PackageNotFoundException>(
            () => stored.Store.OpenAsync(default, CancellationToken.None));
        StringAssert.Contains(error.Message, default(PackageId).ToString());
        StringAssert.Contains(error.Message, stored.Place);

        PackageId id = await PutAsync(stored, "TwoJobs");
        await stored.Store.DeleteAsync(id, CancellationToken.None);
        await stored.Store.DeleteAsync(id, CancellationToken.None);
        Assert.IsFalse(await stored.Store.ExistsAsync(id, CancellationToken.None));
    }

    [TestMethod]
    public async Task A_package_or_a_store_that_grows_too_large_is_refused_naming_the_option()
    {
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        await using StoredPackages small = await StoreAsync(new UserCodeOptions { MaxPackageBytes = zip.Length - 1 });
        InvalidPackageException tooLarge = await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => small.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None));
        StringAssert.Contains(tooLarge.Message, "MaxPackageBytes");

        await using StoredPackages full = await StoreAsync(new UserCodeOptions { MaxStoreBytes = zip.Length + 100 });
        await full.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        InvalidPackageException noRoom = await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => PutAsync(full, "TwoJobs"));
        StringAssert.Contains(noRoom.Message, "MaxStoreBytes");
        await full.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
    }

    [TestMethod]
    public async Task Many_that_put_the_same_package_at_once_all_succeed()
    {
        await using StoredPackages stored = await StoreAsync();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            stored.NewStore().PutAsync(id, new MemoryStream(zip), CancellationToken.None)));

        await using Stream opened = await stored.Store.OpenAsync(id, CancellationToken.None);
        Assert.AreEqual(zip.Length, opened.Length);
        Assert.HasCount(1, await stored.NamesAsync());
    }

    /// <summary>An empty place for packages.</summary>
    private protected abstract Task<StoredPackages> StoreAsync(UserCodeOptions? options = null);

    private static async Task<PackageId> PutAsync(StoredPackages stored, string project)
    {
        (PackageId id, byte[] zip) = StoredPackage.Pack(project);
        await stored.Store.PutAsync(id, new MemoryStream(zip), CancellationToken.None);
        return id;
    }

    /// <summary>A place for packages, seen from outside.</summary>
    private protected abstract class StoredPackages : IAsyncDisposable
    {
        private IPackageStore? _store;

        public IPackageStore Store => _store ??= NewStore();

        /// <summary>As messages name it.</summary>
        public abstract string Place { get; }

        public abstract IPackageStore NewStore();

        /// <summary>Where a package is, as messages name it.</summary>
        public abstract string PlaceOf(PackageId id);

        /// <summary>Whatever is stored.</summary>
        public abstract Task<IReadOnlyList<string>> NamesAsync();

        /// <summary>Stores something else as a package, by going round the store.</summary>
        public abstract Task OverwriteAsync(PackageId id, byte[] bytes);

        public abstract ValueTask DisposeAsync();
    }
}
