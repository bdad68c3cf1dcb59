using Millrace.Execution;

namespace Millrace.UserCode.Packages;

/// <summary>Names for what is written aside before it is renamed into place.</summary>
internal static class AsideNames
{
    private const string Ending = ".aside";

    /// <summary>A name beside <paramref name="path"/> that nobody else uses.</summary>
    public static string New(string path, IExecution execution) => $"{path}.{execution.NewId():n}{Ending}";

    /// <summary>Deletes what a process that died has left in a directory.</summary>
    public static void DeleteLeftovers(string directory, TimeProvider time, TimeSpan age)
    {
        DateTime oldest = time.GetUtcNow().UtcDateTime - age;
        foreach (FileSystemInfo entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*" + Ending))
        {
            if (entry.LastWriteTimeUtc < oldest)
            {
                Delete(entry);
            }
        }
    }

    /// <summary>Deletes a folder with all that is in it, if it is there.</summary>
    public static void Delete(FileSystemInfo entry)
    {
        try
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
                return;
            }

            entry.Delete();
        }
        catch (DirectoryNotFoundException)
        {
            // Another process was faster.
        }
    }
}
