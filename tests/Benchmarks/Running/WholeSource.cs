using Millrace.Connectors;

namespace Millrace.Running;

/// <summary>Another source whose reader has all splits from the beginning, where there is nobody to hand them
/// out.</summary>
internal sealed class WholeSource<T, TSplit>(Source<T, TSplit> inner) : Source<T, TSplit>
{
    public override Boundedness Boundedness => Boundedness.Bounded;

    public override string Name => inner.Name;

    public override ISplitEnumerator<TSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        inner.CreateEnumerator(context);

    public override ISourceReader<T, TSplit> CreateReader(SourceReaderContext context)
    {
        ISourceReader<T, TSplit> reader = inner.CreateReader(context);
        foreach (TSplit split in SplitsAsync().GetAwaiter().GetResult())
        {
            reader.AddSplit(split);
        }

        reader.NoMoreSplits();
        return reader;
    }

    private async Task<List<TSplit>> SplitsAsync()
    {
        List<TSplit> splits = [];
        await using ISplitEnumerator<TSplit> enumerator = inner.CreateEnumerator(
            new SplitEnumeratorContext(new string('1', 32), Parallelism: 1, TimeProvider.System));
        await enumerator.StartAsync(CancellationToken.None);
        while (await enumerator.NextAsync(subtask: 0, CancellationToken.None)
            is { Kind: not SplitAssignmentKind.NoMore } next)
        {
            // In vain so far: a source of several asks for patience before it goes on with the next.
            if (next.Kind == SplitAssignmentKind.Assigned)
            {
                splits.Add(next.Split!);
            }
        }

        return splits;
    }
}
