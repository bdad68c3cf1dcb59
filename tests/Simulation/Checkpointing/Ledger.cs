using System.Text;
using Millrace.Connectors;

namespace Millrace.Checkpointing;

/// <summary>What a sink with a committer has made visible, in the order in which it did. Shared by all attempts of a
/// job.</summary>
internal sealed class Ledger
{
    private readonly HashSet<string> _transactions = [];
    private readonly List<string> _rows = [];
    private int _writers;

    /// <summary>The visible rows.</summary>
    public IReadOnlyList<string> Rows => _rows;

    /// <summary>Number of commits, without those done before.</summary>
    public int Commits => _transactions.Count;

    /// <summary>How long a writer takes for a record; zero for as many as come at once.</summary>
    public TimeSpan Pace { get; init; }

    /// <summary>The first transaction, counted from 1, that is refused for good; none by default.</summary>
    public int RefusedFrom { get; init; } = int.MaxValue;

    /// <summary>How often results were taken back.</summary>
    public int Aborts { get; private set; }

    /// <summary>A sink that writes here.</summary>
    public Sink<string> Sink() => new LedgerSink(this);

    private sealed class LedgerSink(Ledger ledger) : Sink<string>
    {
        public override ISinkWriter<string> CreateWriter(SinkWriterContext context) => RestoreWriter(context, []);

        public override ISinkWriter<string> RestoreWriter(SinkWriterContext context, IReadOnlyList<byte[]> states) =>
            new Writer($"{context.Runtime.SubtaskIndex}.{ledger._writers++}", ledger.Pace, context);

        public override ISinkCommitter CreateCommitter(SinkCommitterContext context) => new Committer(ledger);
    }

    private sealed class Writer(string name, TimeSpan pace, SinkWriterContext context) : ISinkWriter<string>
    {
        private readonly List<string> _open = [];
        private DateTimeOffset _next;
        private int _transactions;

        public int Write(ReadOnlySpan<string> records)
        {
            if (pace == TimeSpan.Zero)
            {
                _open.AddRange(records);
                return records.Length;
            }

            DateTimeOffset now = context.Runtime.Time.GetUtcNow();
            if (now < _next)
            {
                context.WakeAfter(_next - now);
                return 0;
            }

            _next = now + pace;
            context.WakeAfter(pace);
            _open.Add(records[0]);
            return 1;
        }

        public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
            new(new SinkWriterSnapshot([], Close()));

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new(Close());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private IReadOnlyList<byte[]> Close()
        {
            if (_open.Count == 0)
            {
                return [];
            }

            byte[] committable = Encoding.UTF8.GetBytes(string.Join('\n', _open.Prepend($"{name}.{_transactions++}")));
            _open.Clear();
            return [committable];
        }
    }

    private sealed class Committer(Ledger ledger) : ISinkCommitter
    {
        public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CommitAsync(IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
        {
            foreach (CommitRequest request in requests)
            {
                if (ledger._transactions.Count + 1 >= ledger.RefusedFrom)
                {
                    request.Refuse("there is no room for it");
                    continue;
                }

                string[] lines = Encoding.UTF8.GetString(request.Committable).Split('\n');
                if (ledger._transactions.Add(lines[0]))
                {
                    ledger._rows.AddRange(lines.Skip(1));
                }
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask AbortAsync(CancellationToken cancellationToken)
        {
            ledger.Aborts++;
            return ValueTask.CompletedTask;
        }
    }
}
