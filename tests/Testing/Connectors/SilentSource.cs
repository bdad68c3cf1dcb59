namespace Millrace.Connectors;

/// <summary>An endless source that has nothing now, ever: what is deployed behind it is idle.</summary>
internal sealed class SilentSource : Source<long, int>
{
    public override Boundedness Boundedness => Boundedness.Continuous;

    public override string Name => "Silent";

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) =>
        new NoSplits();

    public override ISourceReader<long, int> CreateReader(SourceReaderContext context) => new Reader();

    private sealed class NoSplits : ISplitEnumerator<int>
    {
        public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<SplitAssignment<int>> NextAsync(int subtask, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Its readers ask for no split.");

        public void AddBack(IReadOnlyList<int> splits, int subtask)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader : ISourceReader<long, int>
    {
        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<long> batch) => ReadStatus.NothingNow;

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
