using Millrace.Connectors.Files.Reading;

namespace Millrace.Connectors.Files;

/// <summary>Reads files.</summary>
public static class FileSource
{
    /// <summary>The lines of text files.</summary>
    /// <param name="path">
    /// A file, a directory or a pattern. A relative path counts from the directory the job was submitted from. Of a
    /// directory, all files are read, those of its subdirectories included, except names that begin with <c>.</c> or
    /// <c>_</c>. In a pattern, <c>*</c> stands for any part of a name, <c>?</c> for one character and <c>**</c> for any
    /// number of directories; none of them stands for a leading dot.
    /// </param>
    /// <param name="configure">Sets options.</param>
    /// <remarks>
    /// <para>A line ends at a line feed, or at the end of the file; a carriage return before that is no part of it.
    /// Lines are UTF-8: a byte order mark at the beginning is skipped, invalid bytes become U+FFFD. Files named
    /// <c>*.gz</c> are unpacked.</para>
    /// <para>Large files are read in parallel, by ranges of bytes, compressed ones as a whole. With one reading
    /// subtask lines come in the order of paths and positions; with several, the largest parts are read first.</para>
    /// </remarks>
    /// <exception cref="InputNotFoundException">When the job starts: there is no such file, or none that
    /// matches.</exception>
    public static Source<string, FileSplit> ReadLines(string path, Action<FileSourceOptions>? configure = null) =>
        ReadLines([path], configure);

    /// <summary>The lines of text files, each file once even where the paths overlap.</summary>
    /// <param name="paths">Files, directories and patterns; each must exist.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="InputNotFoundException">When the job starts: there is no such file, or none that
    /// matches.</exception>
    public static Source<string, FileSplit> ReadLines(
        IEnumerable<string> paths, Action<FileSourceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] all = [.. paths];
        ArgumentOutOfRangeException.ThrowIfZero(all.Length, nameof(paths));
        foreach (string path in all)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof(paths));
        }

        FileSourceOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        return new LineFileSource(all, options);
    }
}
