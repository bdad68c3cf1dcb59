using Millrace.Checkpointing.Storage;
using Millrace.Storage;

namespace Millrace.Contracts;

[TestClass]
public sealed class BlobCheckpointStorageTests : CheckpointStorageContract
{
    private readonly string _container = SharedAzurite.NewContainer();
    private ICheckpointStorage? _storage;

    private protected override ICheckpointStorage Storage => _storage!;

    [TestInitialize]
    public async Task OpenAsync() =>
        _storage = new CheckpointStorage($"azblob://{_container}/a place/", await SharedAzurite.FileSystemsAsync());

    // In another container, which is made when it is needed.
    private protected override string Elsewhere(string name) =>
        $"azblob://{_container}-2/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
