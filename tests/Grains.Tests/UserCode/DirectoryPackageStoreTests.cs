using Microsoft.Extensions.Time.Testing;
using Millrace.Contracts;
using Millrace.Jobs;

namespace Millrace.UserCode;

[TestClass]
public sealed class DirectoryPackageStoreTests : PackageStoreContract
{
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

    private protected override Task<StoredPackages> StoreAsync(UserCodeOptions? options = null) =>
        Task.FromResult<StoredPackages>(new InDirectory(new StoredPackage(options)));

    private sealed class InDirectory(StoredPackage stored) : StoredPackages
    {
        public override string Place => stored.Folder.Combine("packages");

        public override IPackageStore NewStore() => stored.NewStore();

        public override string PlaceOf(PackageId id) => stored.FileOf(id);

        public override Task<IReadOnlyList<string>> NamesAsync() =>
            Task.FromResult<IReadOnlyList<string>>(Directory.GetFileSystemEntries(Place));

        public override Task OverwriteAsync(PackageId id, byte[] bytes) =>
            File.WriteAllBytesAsync(stored.FileOf(id), bytes);

        public override ValueTask DisposeAsync()
        {
            stored.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
