using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Connectors.Files.Formats;
using Millrace.Connectors.Files.Writing;
using Millrace.Failures;

namespace Millrace.Connectors.Files;

/// <summary>Writes records into files of a directory, one per subtask, or one per subtask and checkpoint.</summary>
/// <remarks>
/// <para>Files are hidden while they are written, and become visible together: with each checkpoint where the job takes
/// them, else when it has finished. A job that fails or is canceled leaves what was visible, and nothing
/// else.</para>
/// <para>The directory must be empty (hidden files, whose names begin with a dot, do not count), unless
/// <see cref="FileSinkOptions.Overwrite"/> is set: then the files that were there when the job started are removed when
/// it has finished. It must be one and the same for all silos, and no two jobs may write to it at a time.</para>
/// <para>A relative path counts from the directory the job was submitted from.</para>
/// </remarks>
public sealed class FileSink
{
    private readonly string _directory;
    private readonly FileFormat _format;
    private readonly FileSinkOptions _options;

    private FileSink(string directory, FileFormat format, FileSinkOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        _directory = directory;
        _format = format;
        _options = options;
    }

    /// <summary>Lines of text (UTF-8), by default in <c>part-00000.txt</c> and so on.</summary>
    /// <param name="directory">Created if it is not there.</param>
    /// <param name="configure">Sets options.</param>
    /// <remarks>Strings stand as they are; other records as <c>ToString</c> has them, whatever the culture.</remarks>
    public static FileSink Text(string directory, Action<FileSinkOptions>? configure = null) =>
        new(directory, new TextFormat(), Configured(configure));

    /// <summary>Comma-separated values (UTF-8, RFC 4180, lines that end with a line feed), by default in
    /// <c>part-00000.csv</c> and so on.</summary>
    /// <param name="directory">Created if it is not there.</param>
    /// <param name="configure">Sets options.</param>
    /// <remarks>
    /// The columns are the public properties, then the public fields, of the records in the order of their
    /// declaration, without those marked with <c>MillraceIgnore</c>; those of parts stand in place of the part: the key
    /// and the value of a <c>Keyed</c>, the items of a tuple. A number, a text, a date and the like is one column.
    /// Numbers are written whatever the culture, dates and times as in ISO 8601, truth values as <c>true</c> and
    /// <c>false</c>, members of enumerations by name, null as nothing.
    /// </remarks>
    public static FileSink Csv(string directory, Action<CsvSinkOptions>? configure = null)
    {
        CsvSinkOptions options = Configured(configure);
        return new FileSink(directory, new CsvFormat(options), options);
    }

    /// <summary>A JSON value on each line (UTF-8), by default in <c>part-00000.jsonl</c> and so on.</summary>
    /// <param name="directory">Created if it is not there.</param>
    /// <param name="configure">Sets options.</param>
    public static FileSink JsonLines(string directory, Action<JsonLinesSinkOptions>? configure = null)
    {
        JsonLinesSinkOptions options = Configured(configure);
        JsonSerializerOptions serializer = new(options.Serializer);
        serializer.TypeInfoResolver ??= new DefaultJsonTypeInfoResolver();
        return new FileSink(directory, new JsonLinesFormat(serializer), options);
    }

    /// <summary>Comma-separated values, for records of one type; as <see cref="Csv(string, Action{CsvSinkOptions})"/>
    /// with <see cref="For{T}(Func{T, string})"/>.</summary>
    /// <typeparam name="T">Type of the records.</typeparam>
    /// <param name="directory">Created if it is not there.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="bucketOf">Says in which directory within a record is to be.</param>
    public static Sink<T> Csv<T>(
        string directory, Action<CsvSinkOptions>? configure = null, Func<T, string>? bucketOf = null) =>
        Csv(directory, configure).For(bucketOf);

    /// <summary>A JSON value on each line, for records of one type; as
    /// <see cref="JsonLines(string, Action{JsonLinesSinkOptions})"/> with
    /// <see cref="For{T}(Func{T, string})"/>.</summary>
    /// <typeparam name="T">Type of the records.</typeparam>
    /// <param name="directory">Created if it is not there.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="bucketOf">Says in which directory within a record is to be.</param>
    public static Sink<T> Json<T>(
        string directory, Action<JsonLinesSinkOptions>? configure = null, Func<T, string>? bucketOf = null) =>
        JsonLines(directory, configure).For(bucketOf);

    /// <summary>The sink for records of one type.</summary>
    /// <param name="bucketOf">Says for each record in which directory within it is to be, such as
    /// <c>2026-11-27/10</c>, and nothing for the directory itself. On the subtask's loop; must not block. Names may not
    /// begin with a dot or an underscore. Null: all are in the directory itself.</param>
    /// <exception cref="InvalidProgramGraphException">Such records cannot be written so; names the member.</exception>
    public Sink<T> For<T>(Func<T, string>? bucketOf = null)
    {
        SinkFileNames names = new(_options.FilePrefix, _options.FileExtension ?? _format.Extension);
        return new FormattedFileSink<T>(_directory, names, _format.For<T>(), _options, bucketOf);
    }

    private static TOptions Configured<TOptions>(Action<TOptions>? configure)
        where TOptions : FileSinkOptions, new()
    {
        TOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        return options;
    }
}
