using Millrace.Connectors;

namespace Millrace.Running;

/// <summary>Reads records that lie in memory, several times over: as little source as there can be.</summary>
internal sealed class ArraySource<T>(T[] records, int times) : Source<T, int>
{
    public override Boundedness Boundedness => Boundedness.Bounded;

    public override string Name => "Array";

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) =>
        throw new NotSupportedException("Each subtask reads all of it.");

    public override ISourceReader<T, int> CreateReader(SourceReaderContext context) => new Reader(records, times);

    private sealed class Reader(T[] records, int times) : ISourceReader<T, int>
    {
        private int _next;
        private int _round;

        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<T> batch)
        {
            _next += batch.Lend(records.AsMemory(_next));
            if (_next < records.Length)
            {
                return ReadStatus.More;
            }

            _next = 0;
            return ++_round < times ? ReadStatus.More : ReadStatus.EndOfInput;
        }

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
