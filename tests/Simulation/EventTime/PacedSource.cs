using Millrace.Connectors;

namespace Millrace.EventTime;

/// <summary>A number every 10 ms of processing time in the first subtask, 1,000 apart from each other, without an end;
/// a single one in the others, which then say nothing more. Each is its own timestamp.</summary>
internal sealed class PacedSource : Source<long, int>
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    public override Boundedness Boundedness => Boundedness.Continuous;

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) =>
        new TimedSource(splits: 0, records: 0).CreateEnumerator(context);

    public override ISourceReader<long, int> CreateReader(SourceReaderContext context) => new Reader(context);

    private sealed class Reader(SourceReaderContext context) : ISourceReader<long, int>
    {
        private long _next;
        private DateTimeOffset _due;

        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<long> batch)
        {
            if (context.SubtaskIndex > 0 && _next > 0)
            {
                return ReadStatus.NothingNow;
            }

            DateTimeOffset now = context.Time.GetUtcNow();
            if (now < _due)
            {
                return ReadStatus.NothingNow;
            }

            batch.Add(_next, _next);
            _next += 1_000;
            _due = now + Pace;
            context.WakeAfter(Pace);
            return ReadStatus.NothingNow;
        }

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
