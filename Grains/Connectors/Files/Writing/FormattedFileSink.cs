using Millrace.Connectors.Files.Formats;

namespace Millrace.Connectors.Files.Writing;

/// <summary>Records of one type in files of one format.</summary>
internal sealed class FormattedFileSink<T>(
    string directory,
    SinkFileNames names,
    Func<IRecordFormat<T>> createFormat,
    FileSinkOptions options,
    Func<T, string>? bucketOf) : Sink<T>
{
    public override string Name => "Files";

    // No two files of a job have the same name, whichever subtask wrote the last one.
    public override bool SharesWriterStates => true;

    public override ISinkWriter<T> CreateWriter(SinkWriterContext context) => RestoreWriter(context, []);

    public override ISinkWriter<T> RestoreWriter(SinkWriterContext context, IReadOnlyList<byte[]> states)
    {
        string path = Path.GetFullPath(directory, context.Runtime.WorkingDirectory);
        string jobId = context.Runtime.JobId;
        int subtask = context.Runtime.SubtaskIndex;
        int attempt = context.Runtime.AttemptNumber;
        int? restored = states.Count > 0 ? attempt : null;
        var files = new OutputFiles(
            FileWriterState.Of(states),
            options.SuccessFile,
            (bucket, next) =>
            {
                string final = names.Final(subtask, next, restored);
                return new OutputFile(
                    path, SinkFileNames.Hidden(jobId, final, attempt), OutputFiles.PathOf(bucket, final));
            });
        return new FileSinkWriter<T>(createFormat(), files, options, bucketOf, context);
    }

    public override ISinkCommitter CreateCommitter(SinkCommitterContext context) => new FileSinkCommitter(
        Path.GetFullPath(directory, context.WorkingDirectory),
        names,
        !options.Overwrite ? ReplacedKind.Nothing : bucketOf is null ? ReplacedKind.Files : ReplacedKind.Tree,
        context.JobId);
}
