using Millrace.Connectors;

namespace Millrace.EventTime;

/// <summary>Splits of numbers that are their own timestamps, out of order by less than <see cref="Disorder"/>
/// milliseconds; a reader takes all splits it can get, and reads a few records of each in turn.</summary>
/// <param name="splits">Number of splits.</param>
/// <param name="records">Records of each.</param>
internal sealed class TimedSource(int splits, int records) : Source<long, int>
{
    /// <summary>How late a record may be.</summary>
    public const int Disorder = 40;

    private const int Chunk = 5;

    public override Boundedness Boundedness => Boundedness.Bounded;

    /// <summary>All records of all splits.</summary>
    public IEnumerable<long> All => Enumerable.Range(0, splits)
        .SelectMany(split => Enumerable.Range(0, records).Select(i => At(split, i)));

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) => new Enumerator(splits);

    public override ISourceReader<long, int> CreateReader(SourceReaderContext context) => new Reader(records);

    private static long At(int split, int index) => 1_000 + (index * 10L) + (index * 7 % Disorder) + (split % 3);

    private sealed class Enumerator(int splits) : ISplitEnumerator<int>
    {
        private int _next;

        public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<SplitAssignment<int>> NextAsync(int subtask, CancellationToken cancellationToken) =>
            new(_next < splits ? SplitAssignment<int>.Of(_next++) : SplitAssignment<int>.NoMore);

        public void AddBack(IReadOnlyList<int> splits, int subtask)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader(int records) : ISourceReader<long, int>
    {
        private readonly List<(int Number, int Split, int Next)> _open = [];
        private int _given;
        private bool _noMore;

        public bool TellsSplits => true;

        public void AddSplit(int split) => _open.Add((_given++, split, 0));

        public void NoMoreSplits() => _noMore = true;

        public ReadStatus Read(ref SourceBatch<long> batch)
        {
            // One that comes when others are half read would be late.
            if (!_noMore)
            {
                return ReadStatus.NeedSplit;
            }

            if (_open.Count == 0)
            {
                return ReadStatus.EndOfInput;
            }

            (int number, int split, int next) = _open[0];
            _open.RemoveAt(0);
            int end = Math.Min(records, next + Math.Min(Chunk, batch.Free));
            for (int i = next; i < end; i++)
            {
                batch.Add(At(split, i), At(split, i));
            }

            batch.Split = number;
            batch.IsSplitEnd = end == records;
            if (end < records)
            {
                _open.Add((number, split, end));
            }

            return ReadStatus.More;
        }

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
