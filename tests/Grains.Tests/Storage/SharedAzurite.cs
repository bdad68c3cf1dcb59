using Azure.Core.Pipeline;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Running;
using Millrace.Storage.Blobs;

namespace Millrace.Storage;

/// <summary>One Azurite for all tests of this assembly that want blobs; each takes a container of its own.</summary>
[TestClass]
public sealed class SharedAzurite
{
    private static readonly SystemExecution Execution =
        new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);

    private static readonly Lazy<Task<Azurite?>> Server = new(Azurite.TryStartBlobsAsync);

    private static int Containers;

    [AssemblyCleanup]
    public static async Task StopAsync()
    {
        if (Server.IsValueCreated)
        {
            (await Server.Value)?.Dispose();
        }

        Execution.Dispose();
    }

    /// <summary>The connection string; leaves the test out when Azurite is missing.</summary>
    internal static async Task<string> ConnectionAsync()
    {
        Azurite? server = await Server.Value;
        if (server is null)
        {
            Assert.Inconclusive(Azurite.Missing);
        }

        return server.ConnectionString;
    }

    /// <summary>A container that nobody else uses.</summary>
    internal static string NewContainer() => $"tests-{Interlocked.Increment(ref Containers)}";

    /// <summary>Impatient settings: small blocks, short waits.</summary>
    internal static async Task<AzureStorageOptions> OptionsAsync() => new()
    {
        ConnectionString = await ConnectionAsync(),
        BlockBytes = 256 << 10,
        MaxParallelRequests = 6,
        MaxRetries = 2,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(5),
    };

    /// <summary>Blobs and directories, as a silo has them.</summary>
    internal static async Task<FileSystems> FileSystemsAsync() => new(
        new DirectoryFileSystem(Execution, new FileReplacement()), await BlobsAsync(await OptionsAsync()));

    /// <summary>Blobs, by another transport when one is given.</summary>
    internal static Task<AzureBlobFileSystem> BlobsAsync(
        AzureStorageOptions options, HttpPipelineTransport? transport = null)
    {
        BlobAccounts accounts = new(options, client => client.Transport = transport ?? client.Transport);
        return Task.FromResult(new AzureBlobFileSystem(new BlobRequests(accounts, options), Execution));
    }
}
