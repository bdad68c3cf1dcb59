namespace Millrace.Connectors.Files.Reading;

/// <summary>Lists the input once, when the job starts.</summary>
internal sealed class FileSplitEnumerator(
    IReadOnlyList<string> paths, SplitPlan plan, SplitEnumeratorContext context, byte[]? snapshot)
    : SplitQueue<FileSplit>(snapshot)
{
    protected override ValueTask<IReadOnlyList<FileSplit>> FindAsync(CancellationToken cancellationToken) =>
        new(plan.Of(InputFiles.Find(paths, context.WorkingDirectory, cancellationToken)));
}
