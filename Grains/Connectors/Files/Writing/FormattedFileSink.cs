using Millrace.Connectors.Files.Formats;

namespace Millrace.Connectors.Files.Writing;

/// <summary>Records of one type in files of one format.</summary>
internal sealed class FormattedFileSink<T>(
    string directory, SinkFileNames names, Func<IRecordFormat<T>> createFormat, FileSinkOptions options) : Sink<T>
{
    public override string Name => "Files";

    public override ISinkWriter<T> CreateWriter(SinkWriterContext context)
    {
        string path = Path.GetFullPath(directory, context.Runtime.WorkingDirectory);
        string jobId = context.Runtime.JobId;
        int subtask = context.Runtime.SubtaskIndex;
        OutputFile file = new(path, names.Hidden(jobId, subtask, context.Runtime.AttemptNumber), names.Final(subtask));
        return new FileSinkWriter<T>(createFormat(), file, options.BufferBytes, context);
    }

    public override ISinkCommitter CreateCommitter(SinkCommitterContext context) => new FileSinkCommitter(
        Path.GetFullPath(directory, context.WorkingDirectory), names, options.Overwrite, context.JobId);
}
