using System.Runtime.InteropServices;
using System.Text;

namespace Millrace.Execution.Files;

/// <summary>Makes names durable: after a power failure a file has the name it was given last.</summary>
internal static class DirectoryEntries
{
    private const int ReadOnly = 0;

    /// <summary>Makes a directory, with those above it that are missing; it is there after a power failure
    /// too.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Create(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        if (Path.GetDirectoryName(directory) is { Length: > 0 } above)
        {
            Create(above);
            Directory.CreateDirectory(directory);
            Flush(above);
        }
    }

    /// <summary>Flushes the names of a directory to disk, where the system has such a call and the file system takes
    /// it.</summary>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open([.. Encoding.UTF8.GetBytes(directory), 0], ReadOnly);
        if (descriptor >= 0)
        {
            _ = Synchronize(descriptor);
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
