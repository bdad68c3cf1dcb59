using Millrace.Execution;
using Millrace.Execution.Files;

namespace Millrace.Storage;

/// <summary>Directories that every silo sees: addresses are paths, or URIs with the scheme <c>file</c>.</summary>
/// <remarks>All that waits for the disk runs on threads of its own.</remarks>
internal sealed class DirectoryFileSystem(IExecution execution, FileReplacement files) : IFileSystem
{
    private const string ThreadName = "checkpoint files";
    private const string Scheme = "file:";
    private const int WriteAttempts = 3;

    /// <summary>The path that an address means.</summary>
    public static string PathOf(string address) => Path.GetFullPath(
        address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? new Uri(address).LocalPath : address);

    public Task WriteAsync(
        string address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        execution.RunBlockingAsync(ThreadName, () =>
        {
            string path = PathOf(address);
            bool hasBegun = false;
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    DirectoryEntries.Create(Path.GetDirectoryName(path)!);
                    files.Replace(
                        path,
                        file =>
                        {
                            hasBegun = true;
                            write(new SynchronousStream(file), cancellationToken).GetAwaiter().GetResult();
                        },
                        cancellationToken);
                    return;
                }
                catch (DirectoryNotFoundException) when (!hasBegun && attempt < WriteAttempts)
                {
                    // Somebody removed the last file beside it, and the folder with it, before the file was created.
                }
            }
        });

    public async Task<byte[]> ReadAsync(string address, CancellationToken cancellationToken)
    {
        byte[] bytes = [];
        await ReadAsync(address, path => bytes = File.ReadAllBytes(path), cancellationToken);
        return bytes;
    }

    public async Task<StoredFile> OpenReadAsync(string address, CancellationToken cancellationToken)
    {
        StoredFile? file = null;
        await ReadAsync(address, path => file = new DirectoryFile(path, execution), cancellationToken);
        return file!;
    }

    public async Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        string[] names = [];
        await execution.RunBlockingAsync(ThreadName, () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = PathOf(folder);
            if (Directory.Exists(path))
            {
                names =
                [
                    .. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                        .Select(file => Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/'))
                        .Order(StringComparer.Ordinal),
                ];
            }
        });
        return names;
    }

    public Task DeleteAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken) =>
        execution.RunBlockingAsync(ThreadName, () =>
        {
            foreach (string address in addresses)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Delete(PathOf(address));
            }
        });

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) =>
        execution.RunBlockingAsync(ThreadName, () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = PathOf(folder);
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        });

    public string Describe(string address) => PathOf(address);

    private static void Delete(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        try
        {
            File.Delete(path);
            File.Delete(path + FileReplacement.Aside);
            if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return;
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Gone, or somebody else removes the last files of it.
            return;
        }

        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Somebody has put a file there meanwhile, or has removed it.
        }
    }

    private Task ReadAsync(string address, Action<string> read, CancellationToken cancellationToken) =>
        execution.RunBlockingAsync(ThreadName, () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = PathOf(address);
            try
            {
                read(path);
            }
            catch (DirectoryNotFoundException exception)
            {
                throw new FileNotFoundException(exception.Message, path, exception);
            }
        });
}
