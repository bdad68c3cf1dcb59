using Azure;
using Azure.Storage.Blobs.Models;
using Millrace.Execution;
using Millrace.Execution.Files;

namespace Millrace.Storage.Blobs;

/// <summary>Azure Blob Storage: addresses are <c>azblob://container/path</c>, in the account of the connection string,
/// or
/// <c>https://account.blob.core.windows.net/container/path</c>.</summary>
/// <remarks>A blob appears whole by its last request. Containers are made when they are missing.</remarks>
internal sealed class AzureBlobFileSystem(BlobRequests requests, IExecution execution) : IFileSystem, IDisposable
{
    private const string ThreadName = "blobs";

    public AzureBlobFileSystem(AzureStorageOptions options, IExecution execution)
        : this(new BlobRequests(new BlobAccounts(options), options), execution)
    {
    }

    public Task WriteAsync(
        string address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        execution.RunBlockingAsync(ThreadName, () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using BlobWriter blob = new(address, requests, execution, cancellationToken);
            write(new SynchronousStream(blob), cancellationToken).GetAwaiter().GetResult();
            blob.Complete();
        });

    public Task<byte[]> ReadAsync(string address, CancellationToken cancellationToken) =>
        BlobFile.ReadAllAsync(address, requests, cancellationToken);

    public async Task<StoredFile> OpenReadAsync(string address, CancellationToken cancellationToken) =>
        await BlobFile.OpenAsync(address, requests, cancellationToken);

    /// <summary>Appends a blob to a stream.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public Task CopyToAsync(string address, Stream stream, CancellationToken cancellationToken) =>
        BlobFile.CopyAsync(address, requests, stream, cancellationToken);

    public async Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        IReadOnlyList<ListedBlob> blobs = await requests.ListAsync(folder, cancellationToken);
        return [.. blobs.Select(blob => blob.Name).Order(StringComparer.Ordinal)];
    }

    public Task DeleteAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken) =>
        Task.WhenAll(addresses.Select(address => requests.DeleteAsync(address, cancellationToken)));

    public async Task DeleteFolderAsync(string folder, CancellationToken cancellationToken)
    {
        BlobAddress place = BlobAddress.Parse(folder);
        if (place.Path.Length == 0)
        {
            throw new IOException($"'{folder}' is a whole container, which is not removed.");
        }

        IReadOnlyList<ListedBlob> blobs = await requests.ListAsync(folder, cancellationToken);
        await DeleteAsync([.. blobs.Select(blob => AddressIn(folder, blob.Name))], cancellationToken);
    }

    public string Describe(string address) => address;

    /// <summary>The address of what was listed in a folder.</summary>
    public static string AddressIn(string folder, string name) =>
        $"{folder}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>The blobs below a folder, with their versions, in no order.</summary>
    public Task<IReadOnlyList<ListedBlob>> ListBlobsAsync(string folder, CancellationToken cancellationToken) =>
        requests.ListAsync(folder, cancellationToken);

    /// <summary>Whether a blob is there.</summary>
    public Task<bool> ExistsAsync(string address, CancellationToken cancellationToken) =>
        requests.ExistsAsync(address, cancellationToken);

    /// <summary>A small blob with its version, or null.</summary>
    public Task<StoredBlob?> TryReadAsync(string address, CancellationToken cancellationToken) =>
        requests.TryReadAsync(address, cancellationToken);

    /// <summary>Writes a small blob in place of one version, or where there is none.</summary>
    /// <param name="address">Where.</param>
    /// <param name="bytes">Its content: no other writer writes the same.</param>
    /// <param name="before">The version that is there, or null for none.</param>
    /// <param name="metadata">What is noted beside it, or null.</param>
    /// <param name="cancellationToken">Gives up; it may be written or not.</param>
    /// <returns>False when another version is there; nothing is changed then.</returns>
    public async Task<bool> TryWriteAsync(
        string address,
        byte[] bytes,
        ETag? before,
        IDictionary<string, string>? metadata,
        CancellationToken cancellationToken)
    {
        BlobRequestConditions conditions = before is null
            ? new BlobRequestConditions { IfNoneMatch = ETag.All }
            : new BlobRequestConditions { IfMatch = before };
        if (await requests.TryPutAsync(address, bytes, conditions, metadata, cancellationToken))
        {
            return true;
        }

        // The answer to a first try may have been lost: then it is our own version that is in the way.
        StoredBlob? found = await requests.TryReadAsync(address, cancellationToken);
        return found is not null && found.Bytes.AsSpan().SequenceEqual(bytes);
    }

    public void Dispose() => requests.Dispose();
}
