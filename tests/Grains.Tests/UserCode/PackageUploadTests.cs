using Millrace.Jobs;

namespace Millrace.UserCode;

[TestClass]
public sealed class PackageUploadTests
{
    [TestMethod]
    public async Task Chunks_of_any_size_make_the_package_even_when_some_are_sent_twice()
    {
        using var stored = new StoredPackage();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        await using PackageUpload upload = Begin(stored, id);
        int chunk = 1;
        for (int offset = 0; offset < zip.Length; offset += chunk, chunk = Math.Min(chunk * 3, zip.Length - offset))
        {
            chunk = Math.Min(chunk, zip.Length - offset);
            await upload.AppendAsync(offset, zip.AsMemory(offset, chunk), CancellationToken.None);
            await upload.AppendAsync(offset, zip.AsMemory(offset, chunk), CancellationToken.None);
            Assert.AreEqual(offset + chunk, upload.Length);
        }

        await upload.AppendAsync(0, zip.AsMemory(0, 1), CancellationToken.None);
        await upload.CompleteAsync(CancellationToken.None);

        Assert.IsTrue(await stored.Store.ExistsAsync(id, CancellationToken.None));
        Assert.IsEmpty(Directory.GetFiles(stored.Folder.Combine("uploads")));
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => upload.CompleteAsync(CancellationToken.None));
    }

    [TestMethod]
    public async Task A_gap_or_an_overlap_is_refused_with_the_byte_that_comes_next()
    {
        using var stored = new StoredPackage();
        await using PackageUpload upload = Begin(stored, default);
        await upload.AppendAsync(0, new byte[10], CancellationToken.None);

        foreach (int offset in new[] { 11, 5, -1 })
        {
            InvalidPackageException error = await Assert.ThrowsExactlyAsync<InvalidPackageException>(
                () => upload.AppendAsync(offset, new byte[10], CancellationToken.None), $"at {offset}");
            StringAssert.Contains(error.Message, "byte 10");
        }

        Assert.AreEqual(10L, upload.Length);
    }

    [TestMethod]
    public async Task An_upload_that_is_abandoned_leaves_nothing()
    {
        using var stored = new StoredPackage();
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        await using (PackageUpload upload = Begin(stored, id))
        {
            await upload.AppendAsync(0, zip.AsMemory(0, 100), CancellationToken.None);
        }

        Assert.IsEmpty(Directory.GetFiles(stored.Folder.Combine("uploads")));
        Assert.IsFalse(await stored.Store.ExistsAsync(id, CancellationToken.None));
    }

    [TestMethod]
    public async Task An_incomplete_or_too_large_upload_is_refused()
    {
        (PackageId id, byte[] zip) = StoredPackage.Pack("OneJob");
        using var stored = new StoredPackage(new UserCodeOptions { MaxPackageBytes = zip.Length });
        await using PackageUpload upload = Begin(stored, id);
        await upload.AppendAsync(0, zip.AsMemory(0, zip.Length - 1), CancellationToken.None);

        await Assert.ThrowsExactlyAsync<InvalidPackageException>(() => upload.CompleteAsync(CancellationToken.None));
        await Assert.ThrowsExactlyAsync<InvalidPackageException>(
            () => upload.AppendAsync(upload.Length, new byte[2], CancellationToken.None));
        await upload.AppendAsync(upload.Length, zip.AsMemory(zip.Length - 1), CancellationToken.None);
        await upload.CompleteAsync(CancellationToken.None);
        Assert.IsTrue(await stored.Store.ExistsAsync(id, CancellationToken.None));
    }

    private static PackageUpload Begin(StoredPackage stored, PackageId id) =>
        PackageUpload.Begin(id, stored.Store, stored.Folder.Combine("uploads"), stored.Options, stored.Execution);
}
