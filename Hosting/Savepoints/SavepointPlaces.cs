using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Storage;
using Millrace.Storage.Blobs;

namespace Millrace.Savepoints;

/// <summary>Reaches files of savepoints wherever they are kept.</summary>
/// <remarks>What it reads with holds no connection open and no thread while nobody reads.</remarks>
internal static class SavepointPlaces
{
    /// <summary>Where work of readers runs; without loops it has no threads of its own.</summary>
    internal static readonly SystemExecution Pool = new(
        new WorkerOptions(), new SocketTransport(), TimeProvider.System);

    /// <summary>Reads the section <c>Millrace:AzureStorage</c>.</summary>
    /// <returns>For files that are named by their absolute URIs.</returns>
    public static ICheckpointStorage From(IConfiguration configuration)
    {
        var azure = new AzureStorageOptions();
        configuration.GetSection(AzureStorageOptions.Section).Bind(azure);
        return CheckpointStorage.OfAddresses(new FileSystems(Options.Create(azure), Pool));
    }
}
