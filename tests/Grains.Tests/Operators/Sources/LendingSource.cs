using Millrace.Connectors;

namespace Millrace.Operators.Sources;

/// <summary>Numbers in one array that is filled anew for each read and lent; what was lent before is overwritten, so
/// that whoever still reads it gets numbers that are wrong.</summary>
/// <param name="count">How many, from 0.</param>
/// <param name="part">Most of one read.</param>
internal sealed class LendingSource(long count, int part) : Source<long, NumbersLeft>
{
    public const long Wrong = long.MinValue;

    public override Boundedness Boundedness => Boundedness.Bounded;

    public override string Name => "Lending";

    public override ISplitEnumerator<NumbersLeft> CreateEnumerator(SplitEnumeratorContext context) =>
        throw new NotSupportedException("Each subtask reads all of it.");

    public override ISourceReader<long, NumbersLeft> CreateReader(SourceReaderContext context) =>
        new Reader(count, part);

    private sealed class Reader(long count, int part) : ISourceReader<long, NumbersLeft>
    {
        // Not at its beginning, so that who forgets where the records begin is found out.
        private const int Offset = 3;

        private readonly long[] _array = new long[Offset + part + 1];
        private long _next;

        public void AddSplit(NumbersLeft split) => _next = split.Next;

        public void NoMoreSplits()
        {
        }

        public ReadStatus Read(ref SourceBatch<long> batch)
        {
            Array.Fill(_array, Wrong);
            int ready = (int)Math.Min(part, count - _next);
            for (int i = 0; i < ready; i++)
            {
                _array[Offset + i] = _next + i;
            }

            Span<long> timestamps = batch.FreeTimestamps;
            for (int i = 0; i < Math.Min(ready, timestamps.Length); i++)
            {
                timestamps[i] = _next + i;
            }

            _next += batch.Lend(_array.AsMemory(Offset, ready));
            return _next < count ? ReadStatus.More : ReadStatus.EndOfInput;
        }

        public IReadOnlyList<NumbersLeft> Snapshot() => [new NumbersLeft(_next)];

        public string? DescribePosition(int index) => $"a number of those before {_next}, at {index}";

        public ValueTask DisposeAsync()
        {
            Array.Fill(_array, Wrong);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Where reading goes on.</summary>
internal readonly record struct NumbersLeft(long Next);
