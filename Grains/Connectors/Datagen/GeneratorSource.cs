using Millrace.Serialization;

namespace Millrace.Connectors.Datagen;

/// <summary>Makes up records, with a split for each subtask.</summary>
internal sealed class GeneratorSource<T>(Func<long, T> generator, long? count, double? recordsPerSecond)
    : Source<T, GeneratedSplit>
{
    public override Boundedness Boundedness => count is null ? Boundedness.Continuous : Boundedness.Bounded;

    public override string Name => "Generator";

    public override ISplitEnumerator<GeneratedSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        new OneEach(OneForEach(count ?? long.MaxValue, context.Parallelism), context.Parallelism);

    public override ISplitEnumerator<GeneratedSplit> RestoreEnumerator(
        SplitEnumeratorContext context, byte[] snapshot) =>
        new OneEach(ShapedValues.Read<GeneratedSplit>(snapshot, new SerializerSet()), context.Parallelism);

    public override ISourceReader<T, GeneratedSplit> CreateReader(SourceReaderContext context) =>
        new GeneratorReader<T>(generator, recordsPerSecond, context);

    private static GeneratedSplit[] OneForEach(long end, int parallelism) =>
        [.. Enumerable.Range(0, (int)Math.Min(end, parallelism)).Select(i => new GeneratedSplit(i, parallelism, end))];

    /// <summary>Gives each subtask its own split, whenever it asks: its share of the rate goes with it.</summary>
    private sealed class OneEach(IReadOnlyList<GeneratedSplit> splits, int parallelism)
        : ISplitEnumerator<GeneratedSplit>
    {
        private readonly Queue<GeneratedSplit>[] _ofSubtask = new Queue<GeneratedSplit>[parallelism];

        public ValueTask StartAsync(CancellationToken cancellationToken)
        {
            for (int subtask = 0; subtask < parallelism; subtask++)
            {
                _ofSubtask[subtask] = new Queue<GeneratedSplit>();
            }

            for (int i = 0; i < splits.Count; i++)
            {
                // One that is left over from before a restart is its own subtask's again.
                long owner = splits[i].Step == parallelism ? splits[i].First % parallelism : i % parallelism;
                _ofSubtask[owner].Enqueue(splits[i]);
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

        public byte[] Snapshot() =>
            ShapedValues.Write([.. _ofSubtask.SelectMany(queue => queue)], new SerializerSet());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
