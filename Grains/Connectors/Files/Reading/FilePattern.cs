using System.IO.Enumeration;

namespace Millrace.Connectors.Files.Reading;

/// <summary>A path with wildcards: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of
/// directories.</summary>
/// <remarks>As in a shell, a wildcard at the beginning of a name does not stand for a dot.</remarks>
internal sealed class FilePattern
{
    private const string AnyDirectories = "**";

    private readonly string _root;
    private readonly string[] _segments;

    /// <param name="path">A full path.</param>
    public FilePattern(string path)
    {
        string root = Path.GetPathRoot(path) ?? "";
        string[] all = path[root.Length..].Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        int first = Array.FindIndex(all, IsPattern);
        int literals = first < 0 ? all.Length : first;
        _root = Path.Combine([root, .. all[..literals]]);
        _segments = all[literals..];
    }

    /// <summary>Whether a path has wildcards.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>Files and directories that match; some perhaps twice.</summary>
    public IEnumerable<FileSystemInfo> Matches(CancellationToken cancellationToken) =>
        Directory.Exists(_root) ? Matches(new DirectoryInfo(_root), 0, cancellationToken) : [];

    private static bool Fits(string pattern, string name)
    {
        bool hidden = name[0] == '.' && pattern[0] != '.';
        return !hidden && FileSystemName.MatchesSimpleExpression(pattern, name, OperatingSystem.IsWindows());
    }

    private IEnumerable<FileSystemInfo> Matches(DirectoryInfo directory, int index, CancellationToken cancellationToken)
    {
        string segment = _segments[index];
        bool isLast = index == _segments.Length - 1;
        if (segment == AnyDirectories && !isLast)
        {
            foreach (FileSystemInfo match in Matches(directory, index + 1, cancellationToken))
            {
                yield return match;
            }
        }

        foreach (FileSystemInfo entry in directory.EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int next = segment == AnyDirectories ? index : index + 1;
            if (!Fits(segment, entry.Name))
            {
                continue;
            }

            if (isLast && !(segment == AnyDirectories && IsLinkedDirectory(entry)))
            {
                yield return entry;
            }
            else if (!isLast && entry is DirectoryInfo inner && !(next == index && IsLinkedDirectory(entry)))
            {
                foreach (FileSystemInfo match in Matches(inner, next, cancellationToken))
                {
                    yield return match;
                }
            }
        }
    }

    private static bool IsLinkedDirectory(FileSystemInfo entry) =>
        entry is DirectoryInfo && entry.LinkTarget is not null;
}
