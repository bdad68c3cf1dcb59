using Millrace.Connectors;

namespace Millrace.Latency;

/// <summary>Emits records when they are due: a thread of its own watches the clock and wakes the reader.</summary>
internal sealed class PacedSource(int recordsPerSecond, int records) : Source<PacedRecord, int>
{
    public override Boundedness Boundedness => Boundedness.Bounded;

    public override string Name => "Paced";

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) =>
        throw new NotSupportedException("Each subtask reads all of it.");

    public override ISourceReader<PacedRecord, int> CreateReader(SourceReaderContext context) =>
        new Reader(recordsPerSecond, records, context);

    private sealed class Reader : ISourceReader<PacedRecord, int>
    {
        private readonly PacedRecord[] _due;
        private int _dueCount;
        private int _next;

        public Reader(int recordsPerSecond, int records, SourceReaderContext context)
        {
            _due = new PacedRecord[records];
            context.RunBlocking("pace", stop => Watch(recordsPerSecond, context, stop));
        }

        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<PacedRecord> batch)
        {
            int count = Math.Min(batch.Free, Volatile.Read(ref _dueCount) - _next);
            _due.AsSpan(_next, count).CopyTo(batch.FreeValues);
            batch.Advance(count);
            _next += count;
            if (_next == _due.Length)
            {
                return ReadStatus.EndOfInput;
            }

            return count > 0 ? ReadStatus.More : ReadStatus.NothingNow;
        }

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Watch(int recordsPerSecond, SourceReaderContext context, CancellationToken stop)
        {
            Pace pace = new(recordsPerSecond);
            for (int i = 0; i < _due.Length && !stop.IsCancellationRequested;)
            {
                if (pace.TryTake(out PacedRecord record))
                {
                    _due[i++] = record;
                    Volatile.Write(ref _dueCount, i);
                    context.Wake();
                    continue;
                }

                // Others run meanwhile, and a system timer would be late by more than what is measured.
                Thread.Yield();
            }
        }
    }
}
