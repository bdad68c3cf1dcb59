using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Connectors.Files.Parsing;
using Millrace.Connectors.Files.Reading;
using Millrace.Failures;

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
        FileSourceOptions options = Configured(configure);
        return new RecordFileSource<string>(Checked(paths), TextDecoder.Reading, options);
    }

    /// <summary>The rows of CSV files (RFC 4180) as records.</summary>
    /// <typeparam name="T">Type of the records. Its columns are those that <see cref="FileSink.Csv(string,
    /// Action{CsvSinkOptions})"/> writes; members that cannot be set are passed over.</typeparam>
    /// <param name="path">A file, a directory or a pattern, as for
    /// <see cref="ReadLines(string, Action{FileSourceOptions})"/>.</param>
    /// <param name="configure">Sets options.</param>
    /// <remarks>Numbers, dates and the like are read whatever the culture. A field with nothing in it is null where the
    /// member may be null, and an empty text where it is a text; a part whose fields are all empty is null where it may
    /// be. A value that cannot be read fails the job, and the error names file, line and column.</remarks>
    /// <exception cref="InvalidProgramGraphException">Such records cannot be read so; names the member.</exception>
    public static Source<T, FileSplit> ReadCsv<T>(string path, Action<CsvSourceOptions>? configure = null) =>
        ReadCsv<T>([path], configure);

    /// <summary>The rows of CSV files (RFC 4180) as records, each file once even where the paths overlap.</summary>
    /// <typeparam name="T">Type of the records, as for
    /// <see cref="ReadCsv{T}(string, Action{CsvSourceOptions})"/>.</typeparam>
    /// <param name="paths">Files, directories and patterns; each must exist.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="InvalidProgramGraphException">Such records cannot be read so; names the member.</exception>
    public static Source<T, FileSplit> ReadCsv<T>(
        IEnumerable<string> paths, Action<CsvSourceOptions>? configure = null)
    {
        CsvSourceOptions options = Configured(configure);
        CsvBinding<T> binding = new();
        bool hasHeader = options.Header;
        char separator = options.Separator;
        RecordReading<T> reading = new(
            new RecordLayout(hasHeader, options.QuotedLineEnds),
            () => new CsvDecoder<T>(separator, binding, hasHeader));
        return new RecordFileSource<T>(Checked(paths), reading, options);
    }

    /// <summary>The values of files with a JSON value on each line, by System.Text.Json.</summary>
    /// <typeparam name="T">Type of the records.</typeparam>
    /// <param name="path">A file, a directory or a pattern, as for
    /// <see cref="ReadLines(string, Action{FileSourceOptions})"/>.</param>
    /// <param name="configure">Sets options.</param>
    /// <remarks>Empty lines are passed over. A line that is no such value fails the job, and the error names file, line
    /// and column.</remarks>
    /// <exception cref="InvalidProgramGraphException">Such records cannot be read so.</exception>
    public static Source<T, FileSplit> ReadJson<T>(string path, Action<JsonSourceOptions>? configure = null) =>
        ReadJson<T>([path], configure);

    /// <summary>The values of files with a JSON value on each line, each file once even where the paths
    /// overlap.</summary>
    /// <typeparam name="T">Type of the records.</typeparam>
    /// <param name="paths">Files, directories and patterns; each must exist.</param>
    /// <param name="configure">Sets options.</param>
    /// <exception cref="InvalidProgramGraphException">Such records cannot be read so.</exception>
    public static Source<T, FileSplit> ReadJson<T>(
        IEnumerable<string> paths, Action<JsonSourceOptions>? configure = null)
    {
        JsonSourceOptions options = Configured(configure);
        JsonSerializerOptions serializer = new(options.Serializer);
        serializer.TypeInfoResolver ??= new DefaultJsonTypeInfoResolver();
        return new RecordFileSource<T>(Checked(paths), JsonDecoder<T>.ReadingWith(serializer), options);
    }

    private static TOptions Configured<TOptions>(Action<TOptions>? configure)
        where TOptions : FileSourceOptions, new()
    {
        TOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        return options;
    }

    private static string[] Checked(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] all = [.. paths];
        ArgumentOutOfRangeException.ThrowIfZero(all.Length, nameof(paths));
        foreach (string path in all)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof(paths));
        }

        return all;
    }
}
