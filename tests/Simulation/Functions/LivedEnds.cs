using Millrace.Connectors;

namespace Millrace.Functions;

/// <summary>A few numbers, or numbers without an end, whose reader's life is noted.</summary>
internal sealed class LivedSource(LifeLog log, bool isEndless) : Source<long, int>
{
    private const long Numbers = 40;

    public override Boundedness Boundedness => isEndless ? Boundedness.Continuous : Boundedness.Bounded;

    public override string Name => "Source";

    // Readers need no splits: each gives all of the numbers.
    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) => new NoSplits();

    public override ISourceReader<long, int> CreateReader(SourceReaderContext context) => new Reader(log, isEndless);

    private sealed class NoSplits : ISplitEnumerator<int>
    {
        public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<SplitAssignment<int>> NextAsync(int subtask, CancellationToken cancellationToken) =>
            new(SplitAssignment<int>.NoMore);

        public void AddBack(IReadOnlyList<int> splits, int subtask)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader : ISourceReader<long, int>
    {
        private readonly LifeLog _log;
        private readonly bool _isEndless;
        private long _next;

        public Reader(LifeLog log, bool isEndless)
        {
            _log = log;
            _isEndless = isEndless;
            log.Made(this);
        }

        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<long> batch)
        {
            if (!_isEndless && _next == Numbers)
            {
                return ReadStatus.EndOfInput;
            }

            batch.FreeValues[0] = _next++;
            batch.Advance(1);
            return ReadStatus.More;
        }

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync()
        {
            _log.Closed(this);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Counts what it gets; its writer's life is noted.</summary>
internal sealed class LivedSink(LifeLog log) : Sink<long>
{
    /// <summary>Records so far, in all subtasks.</summary>
    public int Count { get; private set; }

    public override ISinkWriter<long> CreateWriter(SinkWriterContext context) => new Writer(log, this);

    private sealed class Writer : ISinkWriter<long>
    {
        private readonly LifeLog _log;
        private readonly LivedSink _sink;

        public Writer(LifeLog log, LivedSink sink)
        {
            _log = log;
            _sink = sink;
            log.Made(this);
        }

        public int Write(ReadOnlySpan<long> records)
        {
            _sink.Count += records.Length;
            return records.Length;
        }

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

        public ValueTask DisposeAsync()
        {
            _log.Closed(this);
            return ValueTask.CompletedTask;
        }
    }
}
