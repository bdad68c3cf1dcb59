using Millrace.Connectors;

namespace Millrace.Running;

/// <summary>Reads records that lie in memory, several times over, with timestamps that go on and on.</summary>
/// <param name="records">The records.</param>
/// <param name="times">How often they are read.</param>
/// <param name="perMillisecond">Records of one millisecond of event time.</param>
internal sealed class TimedArraySource<T>(T[] records, int times, int perMillisecond) : Source<T, int>
{
    public override Boundedness Boundedness => Boundedness.Bounded;

    public override string Name => "Timed array";

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) =>
        throw new NotSupportedException("Each subtask reads all of it.");

    public override ISourceReader<T, int> CreateReader(SourceReaderContext context) =>
        new Reader(records, times, perMillisecond);

    private sealed class Reader(T[] records, int times, int perMillisecond) : ISourceReader<T, int>
    {
        private int _next;
        private int _round;
        private long _read;

        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<T> batch)
        {
            int count = Math.Min(batch.Free, records.Length - _next);
            Span<long> timestamps = batch.FreeTimestamps[..count];
            long time = _read / perMillisecond;
            int left = perMillisecond - (int)(_read % perMillisecond);
            for (int start = 0; start < count; start += left, left = perMillisecond)
            {
                timestamps[start..Math.Min(count, start + left)].Fill(time++);
            }

            _read += count;
            _next += batch.Lend(records.AsMemory(_next, count));
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
