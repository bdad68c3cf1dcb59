namespace Millrace.Connectors.Files.Reading;

/// <summary>Lists the input once, when the job starts.</summary>
internal sealed class FileSplitEnumerator(
    IReadOnlyList<string> paths, long? splitBytes, SplitEnumeratorContext context) : SplitQueue<FileSplit>
{
    protected override ValueTask<IReadOnlyList<FileSplit>> FindAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<InputFile> files = InputFiles.Find(paths, context.WorkingDirectory, cancellationToken);
        return new(SplitPlan.Of(files, context.Parallelism, splitBytes));
    }
}
