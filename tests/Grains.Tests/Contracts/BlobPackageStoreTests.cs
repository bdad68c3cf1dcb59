using Microsoft.Extensions.Options;
using Millrace.Jobs;
using Millrace.Storage;
using Millrace.Storage.Blobs;
using Millrace.UserCode;
using Millrace.UserCode.Packages;

namespace Millrace.Contracts;

[TestClass]
public sealed class BlobPackageStoreTests : PackageStoreContract
{
    private protected override async Task<StoredPackages> StoreAsync(UserCodeOptions? options = null) =>
        new InBlobs((await SharedAzurite.FileSystemsAsync()).Blobs, options ?? new UserCodeOptions());

    private sealed class InBlobs : StoredPackages
    {
        private readonly TemporaryFolder _folder = new();
        private readonly AzureBlobFileSystem _blobs;
        private readonly UserCodeOptions _options;

        public InBlobs(AzureBlobFileSystem blobs, UserCodeOptions options)
        {
            _blobs = blobs;
            _options = options;
            options.Uploads = _folder.Combine("uploads");
        }

        public override string Place { get; } = $"azblob://{SharedAzurite.NewContainer()}/packages";

        public override IPackageStore NewStore() =>
            new BlobPackageStore(Place, _blobs, new PoolExecution(), Options.Create(_options));

        public override string PlaceOf(PackageId id) => $"{Place}/{id}.zip";

        public override Task<IReadOnlyList<string>> NamesAsync() => _blobs.ListAsync(Place, CancellationToken.None);

        public override Task OverwriteAsync(PackageId id, byte[] bytes) => _blobs.WriteAsync(
            PlaceOf(id), (stream, token) => stream.WriteAsync(bytes, token).AsTask(), CancellationToken.None);

        // Nothing of what went through this machine stays there.
        public override ValueTask DisposeAsync()
        {
            Assert.IsEmpty(Directory.GetFileSystemEntries(_options.Uploads));
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
