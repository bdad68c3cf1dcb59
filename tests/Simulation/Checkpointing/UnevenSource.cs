using Millrace.Connectors;

namespace Millrace.Checkpointing;

/// <summary>A piece of the numbers.</summary>
/// <param name="Next">The next number.</param>
/// <param name="End">Behind the last one.</param>
public readonly record struct NumberPiece(long Next, long End);

/// <summary>Each subtask reads numbers of its own, as many as are said for it, one every millisecond.</summary>
/// <param name="counts">How many numbers each subtask reads.</param>
internal sealed class UnevenSource(params int[] counts) : Source<long, NumberPiece>
{
    private const long Apart = 1_000_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    /// <summary>How long each subtask but the first waits before its first number.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Numbers that are found when the source is restored for the first time; the first subtask reads
    /// them.</summary>
    public int Late { get; init; }

    public override Boundedness Boundedness => Boundedness.Bounded;

    /// <summary>All numbers.</summary>
    public IEnumerable<long> All =>
        counts.Append(Late).SelectMany((count, subtask) =>
            Enumerable.Range(0, count).Select(i => (subtask * Apart) + i));

    public override ISplitEnumerator<NumberPiece> CreateEnumerator(SplitEnumeratorContext context) =>
        new Enumerator([.. counts, 0], new byte[counts.Length + 1]);

    public override ISplitEnumerator<NumberPiece> RestoreEnumerator(SplitEnumeratorContext context, byte[] snapshot) =>
        new Enumerator([.. counts, Late], [.. snapshot]);

    public override ISourceReader<long, NumberPiece> CreateReader(SourceReaderContext context) =>
        new Reader(context, context.SubtaskIndex > 0 ? Delay : TimeSpan.Zero);

    private sealed class Enumerator(int[] counts, byte[] given) : ISplitEnumerator<NumberPiece>
    {
        public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<SplitAssignment<NumberPiece>> NextAsync(int subtask, CancellationToken cancellationToken)
        {
            int late = counts.Length - 1;
            int piece = given[subtask] == 0 ? subtask
                : subtask == 0 && counts[late] > 0 && given[late] == 0 ? late
                : -1;
            if (piece < 0)
            {
                return new(SplitAssignment<NumberPiece>.NoMore);
            }

            given[piece] = 1;
            long first = piece * Apart;
            return new(SplitAssignment<NumberPiece>.Of(new NumberPiece(first, first + counts[piece])));
        }

        public void AddBack(IReadOnlyList<NumberPiece> splits, int subtask)
        {
        }

        public byte[] Snapshot() => [.. given];

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader(SourceReaderContext context, TimeSpan delay) : ISourceReader<long, NumberPiece>
    {
        private readonly Queue<NumberPiece> _pieces = [];
        private DateTimeOffset _due = context.Time.GetUtcNow() + delay;
        private bool _noMore;

        public void AddSplit(NumberPiece split) => _pieces.Enqueue(split);

        public void NoMoreSplits() => _noMore = true;

        public ReadStatus Read(ref SourceBatch<long> batch)
        {
            if (!_pieces.TryPeek(out NumberPiece piece))
            {
                return _noMore ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
            }

            if (piece.Next == piece.End)
            {
                _pieces.Dequeue();
                return ReadStatus.More;
            }

            DateTimeOffset now = context.Time.GetUtcNow();
            if (now < _due)
            {
                context.WakeAfter(_due - now);
                return ReadStatus.NothingNow;
            }

            batch.Add(piece.Next);
            _pieces.Dequeue();
            _pieces.Enqueue(piece with { Next = piece.Next + 1 });
            _due = now + Pace;
            context.WakeAfter(Pace);
            return ReadStatus.NothingNow;
        }

        public IReadOnlyList<NumberPiece> Snapshot() => [.. _pieces];

        public string? DescribePosition(int index) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
