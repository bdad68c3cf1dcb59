namespace Millrace.Connectors.Datagen;

/// <summary>Makes up records, with a split for each subtask.</summary>
internal sealed class GeneratorSource<T>(Func<long, T> generator, long? count, double? recordsPerSecond)
    : Source<T, GeneratedSplit>
{
    public override Boundedness Boundedness => count is null ? Boundedness.Continuous : Boundedness.Bounded;

    public override string Name => "Generator";

    public override ISplitEnumerator<GeneratedSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        new OneEach(count ?? long.MaxValue, context.Parallelism);

    public override ISourceReader<T, GeneratedSplit> CreateReader(SourceReaderContext context) =>
        new GeneratorReader<T>(generator, recordsPerSecond, context);

    /// <summary>Gives each subtask its own split, whenever it asks: its share of the rate goes with it.</summary>
    private sealed class OneEach(long end, int parallelism) : ISplitEnumerator<GeneratedSplit>
    {
        private readonly Queue<GeneratedSplit>[] _ofSubtask = new Queue<GeneratedSplit>[parallelism];

        public ValueTask StartAsync(CancellationToken cancellationToken)
        {
            for (int i = 0; i < parallelism; i++)
            {
                _ofSubtask[i] = new Queue<GeneratedSplit>(i < end ? [new GeneratedSplit(i, parallelism, end)] : []);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask<SplitAssignment<GeneratedSplit>> NextAsync(int subtask, CancellationToken cancellationToken) =>
            new(_ofSubtask[subtask].TryDequeue(out GeneratedSplit split)
                ? SplitAssignment<GeneratedSplit>.Of(split)
                : SplitAssignment<GeneratedSplit>.NoMore);

        public void AddBack(IReadOnlyList<GeneratedSplit> splits, int subtask)
        {
            foreach (GeneratedSplit split in splits)
            {
                _ofSubtask[subtask].Enqueue(split);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
