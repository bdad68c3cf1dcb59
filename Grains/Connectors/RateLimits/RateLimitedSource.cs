namespace Millrace.Connectors.RateLimits;

/// <summary>Another source, read no faster than at a rate.</summary>
internal sealed class RateLimitedSource<T, TSplit>(Source<T, TSplit> inner, double recordsPerSecond)
    : Source<T, TSplit>
{
    public override Boundedness Boundedness => inner.Boundedness;

    public override string Name => inner.Name;

    public override int? MaxParallelism => inner.MaxParallelism;

    public override ISplitEnumerator<TSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        inner.CreateEnumerator(context);

    public override ISplitEnumerator<TSplit> RestoreEnumerator(SplitEnumeratorContext context, byte[] snapshot) =>
        inner.RestoreEnumerator(context, snapshot);

    public override ISourceReader<T, TSplit> CreateReader(SourceReaderContext context) => new Reader(
        inner.CreateReader(context), new RecordBudget(recordsPerSecond / context.Parallelism, context.Time), context);

    private sealed class Reader(ISourceReader<T, TSplit> inner, RecordBudget budget, SourceReaderContext context)
        : ISourceReader<T, TSplit>
    {
        public bool TellsSplits => inner.TellsSplits;

        public void AddSplit(TSplit split) => inner.AddSplit(split);

        public void NoMoreSplits() => inner.NoMoreSplits();

        public ReadStatus Read(ref SourceBatch<T> batch)
        {
            int due = budget.Due(batch.Free);
            if (due == 0)
            {
                context.WakeAfter(budget.UntilNext);
                return ReadStatus.NothingNow;
            }

            SourceBatch<T> part = batch.Part(due);
            ReadStatus status = inner.Read(ref part);
            budget.Spend(part.Count);
            batch.Take(in part);
            return status;
        }

        public IReadOnlyList<TSplit> Snapshot() => inner.Snapshot();

        public void CheckpointCompleted(long checkpoint) => inner.CheckpointCompleted(checkpoint);

        public string? DescribePosition(int index) => inner.DescribePosition(index);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
