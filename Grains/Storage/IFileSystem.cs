using Millrace.Execution.Files;

namespace Millrace.Storage;

/// <summary>One kind of storage: whole files by absolute address. Thread-safe.</summary>
/// <remarks>What each member promises stands at <c>ICheckpointStorage</c>.</remarks>
internal interface IFileSystem
{
    /// <summary>Writes a file, or replaces it.</summary>
    Task WriteAsync(string address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    Task<byte[]> ReadAsync(string address, CancellationToken cancellationToken);

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    Task<StoredFile> OpenReadAsync(string address, CancellationToken cancellationToken);

    /// <summary>The files in a folder and below it, named from there on.</summary>
    Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Removes files. Missing ones are no error.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken);

    /// <summary>Removes a folder with all that is in it. A missing one is no error.</summary>
    Task DeleteFolderAsync(string folder, CancellationToken cancellationToken);

    /// <summary>An address for people.</summary>
    string Describe(string address);
}
