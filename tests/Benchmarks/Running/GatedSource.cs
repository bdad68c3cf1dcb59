using Millrace.Connectors;

namespace Millrace.Running;

/// <summary>Numbers as fast as they are taken, while its gate is open.</summary>
internal sealed class GatedSource(Gate gate) : Source<long, int>
{
    public override Boundedness Boundedness => Boundedness.Continuous;

    public override string Name => "Gated";

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) => new NoSplits();

    public override ISourceReader<long, int> CreateReader(SourceReaderContext context) => new Reader(gate, context);

    private sealed class Reader : ISourceReader<long, int>
    {
        private readonly Gate _gate;
        private long _next;

        public Reader(Gate gate, SourceReaderContext context)
        {
            _gate = gate;
            gate.Add(context.Wake);
        }

        public void AddSplit(int split)
        {
        }

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<long> batch)
        {
            switch (_gate.State)
            {
                case GateState.Closed:
                    return ReadStatus.NothingNow;
                case GateState.Ended:
                    return ReadStatus.EndOfInput;
                default:
                    break;
            }

            Span<long> free = batch.FreeValues;
            for (int i = 0; i < free.Length; i++)
            {
                free[i] = _next++;
            }

            batch.Advance(free.Length);
            return ReadStatus.More;
        }

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NoSplits : ISplitEnumerator<int>
    {
        public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<SplitAssignment<int>> NextAsync(int subtask, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Its readers ask for no split.");

        public void AddBack(IReadOnlyList<int> splits, int subtask)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Lets the readers of sources in this process run, wait or end. Thread-safe.</summary>
internal sealed class Gate(GateState state)
{
    private readonly Lock _lock = new();
    private readonly List<Action> _wakes = [];
    private volatile GateState _state = state;

    public GateState State => _state;

    /// <summary>A reader that is to be woken when the state changes.</summary>
    public void Add(Action wake)
    {
        lock (_lock)
        {
            _wakes.Add(wake);
        }
    }

    public void Set(GateState state)
    {
        _state = state;
        lock (_lock)
        {
            _wakes.ForEach(wake => wake());
        }
    }
}

/// <summary>What readers behind a gate do.</summary>
internal enum GateState
{
    Closed,
    Open,
    Ended,
}
