using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Storage.Blobs;

namespace Millrace.Storage;

/// <summary>The kinds of storage there are, by the scheme of an address. Thread-safe.</summary>
internal sealed class FileSystems
{
    private readonly IFileSystem _directories;

    public FileSystems(IOptions<AzureStorageOptions> azure, IExecution execution)
        : this(
            new DirectoryFileSystem(execution, new FileReplacement()),
            new AzureBlobFileSystem(azure.Value, execution))
    {
    }

    internal FileSystems(IFileSystem directories, AzureBlobFileSystem blobs)
    {
        _directories = directories;
        Blobs = blobs;
    }

    /// <summary>Azure Blob Storage, for those who need more of it than files.</summary>
    public AzureBlobFileSystem Blobs { get; }

    /// <summary>Who keeps the file or folder with an address.</summary>
    /// <exception cref="IOException">Nobody does.</exception>
    public IFileSystem Of(string address) => StorageLocation.ProblemOf(address) is { } problem
        ? throw new IOException(problem)
        : StorageLocation.IsBlob(address)
            ? Blobs
            : _directories;
}
