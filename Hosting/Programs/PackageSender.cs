using Millrace.Jobs;
using Millrace.UserCode.Packages;

namespace Millrace.Programs;

/// <summary>Sends a package to a cluster that does not have it yet.</summary>
internal sealed class PackageSender(ClusterCalls calls)
{
    /// <summary>An upload that loses its silo begins again; more often than this, something else is wrong.</summary>
    private const int MostTries = 3;

    /// <exception cref="InvalidPackageException">The cluster refuses it.</exception>
    /// <exception cref="ClusterLostException">The cluster has not answered for a while.</exception>
    public async Task SendAsync(JobPackage package, CancellationToken cancellationToken)
    {
        for (int tried = 1; !await IsStoredAsync(package.Id, cancellationToken); tried++)
        {
            try
            {
                await using Stream zip = package.ToTemporaryFile();
                await UploadAsync(package.Id, zip, cancellationToken);
                return;
            }
            catch (InvalidPackageException) when (tried < MostTries)
            {
                // The silo that had the beginning of the upload may be gone.
            }
        }
    }

    private Task<bool> IsStoredAsync(PackageId id, CancellationToken cancellationToken) =>
        calls.CallAsync((grains, token) => grains.Package(id).IsStoredAsync(token), cancellationToken);

    private async Task UploadAsync(PackageId id, Stream zip, CancellationToken cancellationToken)
    {
        string upload = await calls.CallAsync(
            (grains, token) => grains.Package(id).BeginAsync(token), cancellationToken);
        for (long offset = 0; offset < zip.Length;)
        {
            long begin = offset;
            byte[] chunk = new byte[Math.Min(IPackageGrain.MaxChunkBytes, zip.Length - begin)];
            await zip.ReadExactlyAsync(chunk, cancellationToken);
            await TellAsync((package, token) => package.AppendAsync(upload, begin, chunk, token));
            offset += chunk.Length;
        }

        // Hashes and syncs the whole package before it answers.
        await TellAsync((package, token) => package.CompleteAsync(upload, token), TimeSpan.FromSeconds(15));

        Task TellAsync(Func<IPackageGrain, CancellationToken, Task> tell, TimeSpan? longest = null) => calls.CallAsync(
            async (grains, token) =>
            {
                await tell(grains.Package(id), token);
                return true;
            },
            cancellationToken,
            longest);
    }
}
