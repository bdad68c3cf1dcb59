using Millrace.Connectors;

namespace Millrace.EventTime;

/// <summary>Numbers that are their own timestamps, 10 apart, one after each stretch of processing time.</summary>
/// <param name="pace">The stretch.</param>
/// <param name="records">How many each subtask gives.</param>
/// <param name="ends">Whether nothing follows is told; else the subtask waits.</param>
internal sealed class TickingSource(TimeSpan pace, int records, bool ends = true) : Source<long, int>
{
    /// <summary>From one number to the next.</summary>
    public const int Step = 10;

    public override Boundedness Boundedness => Boundedness.Continuous;

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) =>
        new TimedSource(splits: 0, records: 0).CreateEnumerator(context);

    public override ISourceReader<long, int> CreateReader(SourceReaderContext context) =>
        new Reader(context, pace, records, ends);

    private sealed class Reader(SourceReaderContext context, TimeSpan pace, int records, bool ends)
        : ISourceReader<long, int>
    {
        private int _next;
        private DateTimeOffset _due;

        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<long> batch)
        {
            if (_next == records)
            {
                return ends ? ReadStatus.EndOfInput : ReadStatus.NothingNow;
            }

            DateTimeOffset now = context.Time.GetUtcNow();
            if (now >= _due)
            {
                batch.Add(_next * Step, _next * Step);
                _next++;
                _due = now + pace;
            }

            context.WakeAfter(pace);
            return ReadStatus.NothingNow;
        }

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
