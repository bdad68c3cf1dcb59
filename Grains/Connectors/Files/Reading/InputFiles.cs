using System.Security;
using Millrace.Failures;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Finds the files that paths, directories and patterns stand for.</summary>
/// <remarks>Links to files are followed wherever they are; links to directories only when they are named, so that no
/// walk runs in circles.</remarks>
internal sealed class InputFiles
{
    private const string FileScheme = "file://";

    private bool _isWatch;

    private readonly SortedDictionary<string, InputFile> _found = new(StringComparer.Ordinal);

    /// <summary>All files, each once, ordered by path (ordinal).</summary>
    /// <param name="paths">Files, directories and patterns.</param>
    /// <param name="workingDirectory">Where relative paths count from.</param>
    /// <param name="cancellationToken">Ends a long walk.</param>
    /// <exception cref="InputNotFoundException">A path stands for nothing.</exception>
    public static IReadOnlyList<InputFile> Find(
        IReadOnlyList<string> paths, string workingDirectory, CancellationToken cancellationToken)
    {
        InputFiles files = new();
        foreach (string path in paths)
        {
            files.Add(path, workingDirectory, cancellationToken);
        }

        return [.. files._found.Values];
    }

    /// <summary>The same, but that a pattern may stand for nothing yet, and files may disappear meanwhile.</summary>
    /// <exception cref="InputNotFoundException">A path that is no pattern stands for nothing.</exception>
    public static IReadOnlyList<InputFile> Watch(
        IReadOnlyList<string> paths, string workingDirectory, CancellationToken cancellationToken)
    {
        InputFiles files = new() { _isWatch = true };
        foreach (string path in paths)
        {
            files.Add(path, workingDirectory, cancellationToken);
        }

        return [.. files._found.Values];
    }

    private void Add(string path, string workingDirectory, CancellationToken cancellationToken)
    {
        string local = path.StartsWith(FileScheme, StringComparison.Ordinal) ? path[FileScheme.Length..] : path;
        string full = Path.GetFullPath(local, workingDirectory);
        try
        {
            if (Directory.Exists(full))
            {
                AddDirectory(full, cancellationToken);
            }
            else if (File.Exists(full))
            {
                AddFile(new FileInfo(full));
            }
            else if (!FilePattern.IsPattern(local))
            {
                throw new InputNotFoundException(path, $"there is no file or directory '{full}'.");
            }
            else if (!AddMatches(new FilePattern(full), cancellationToken) && !_isWatch)
            {
                throw new InputNotFoundException(path, $"no file matches '{full}'.");
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or SecurityException)
        {
            throw new FileReadException(full, exception.Message, Recovery.Fail, exception);
        }
        catch (IOException exception)
        {
            throw new FileReadException(full, exception.Message, Recovery.Restart, exception);
        }
    }

    private bool AddMatches(FilePattern pattern, CancellationToken cancellationToken)
    {
        bool any = false;
        foreach (FileSystemInfo match in pattern.Matches(cancellationToken))
        {
            if (match is FileInfo file)
            {
                any |= AddFile(file);
            }
            else
            {
                AddDirectory(match.FullName, cancellationToken);
                any = true;
            }
        }

        return any;
    }

    private void AddDirectory(string path, CancellationToken cancellationToken)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Name[0] is '.' or '_')
            {
                continue;
            }

            if (entry is FileInfo file)
            {
                AddFile(file);
            }
            else if (entry.LinkTarget is null)
            {
                AddDirectory(entry.FullName, cancellationToken);
            }
        }
    }

    /// <returns>False for a link that leads nowhere.</returns>
    private bool AddFile(FileInfo file)
    {
        FileSystemInfo? target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true);
        if (target is not FileInfo { Exists: true } data)
        {
            return false;
        }

        try
        {
            _found[file.FullName] = new InputFile(file.FullName, data.Length);
            return true;
        }
        catch (FileNotFoundException) when (_isWatch)
        {
            // Renamed or removed since it was listed.
            return false;
        }
    }
}
