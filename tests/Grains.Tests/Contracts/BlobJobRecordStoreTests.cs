using Millrace.Jobs;
using Millrace.Jobs.Storage;
using Millrace.Storage;
using Millrace.Storage.Blobs;
using Millrace.UserCode;

namespace Millrace.Contracts;

[TestClass]
public sealed class BlobJobRecordStoreTests : JobRecordStoreContract
{
    private readonly string _root = $"azblob://{SharedAzurite.NewContainer()}/jobs";
    private readonly PoolExecution _execution = new();
    private AzureBlobFileSystem? _blobs;

    private protected override int DamageStep => 11;

    [TestInitialize]
    public async Task OpenAsync() => _blobs = (await SharedAzurite.FileSystemsAsync()).Blobs;

    private protected override IJobRecordStore NewStore() => new BlobJobRecordStore(_root, _blobs!, _execution);

    private protected override string PlaceOf(JobId job) => $"{_root}/{job}/record.json";

    private protected override Task<byte[]> ReadAsync(JobId job) =>
        _blobs!.ReadAsync(PlaceOf(job), CancellationToken.None);

    private protected override Task OverwriteAsync(JobId job, byte[] bytes) => _blobs!.WriteAsync(
        PlaceOf(job), (stream, token) => stream.WriteAsync(bytes, token).AsTask(), CancellationToken.None);

    private protected override Task<IReadOnlyList<string>> LeftAsync() =>
        _blobs!.ListAsync(_root, CancellationToken.None);
}
