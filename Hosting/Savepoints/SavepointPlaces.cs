using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Millrace.Checkpointing;
using Millrace.Execution;
using Millrace.Storage;
using Millrace.Storage.Blobs;

namespace Millrace.Savepoints;

/// <summary>Reads files of savepoints wherever they are kept. Thread-safe.</summary>
/// <remarks>What it reads with holds no connection open and no thread while nobody reads.</remarks>
internal sealed class SavepointPlaces
{
    /// <summary>Where work of readers runs; without loops it has no threads of its own.</summary>
    internal static readonly SystemExecution Pool = new(
        new WorkerOptions(), new SocketTransport(), TimeProvider.System);

    private readonly FileSystems _files;

    private SavepointPlaces(FileSystems files) => _files = files;

    /// <summary>Reads the section <c>Millrace:AzureStorage</c>.</summary>
    public static SavepointPlaces From(IConfiguration configuration)
    {
        var azure = new AzureStorageOptions();
        configuration.GetSection(AzureStorageOptions.Section).Bind(azure);
        return new SavepointPlaces(new FileSystems(Options.Create(azure), Pool));
    }

    /// <summary>Reads a file by its absolute URI.</summary>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<byte[]?> TryReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await _files.Of(file).ReadAsync(file, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Opens a file by its absolute URI.</summary>
    /// <exception cref="CheckpointCorruptedException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public async Task<(string Place, Stream Bytes)> OpenAsync(string file, CancellationToken cancellationToken)
    {
        IFileSystem files = _files.Of(file);
        string place = files.Describe(file);
        try
        {
            return (place, await files.OpenReadAsync(file, cancellationToken));
        }
        catch (FileNotFoundException missing)
        {
            throw new CheckpointCorruptedException(place, "it is missing.", missing);
        }
    }
}
