using Millrace.Functions;

namespace Millrace.Connectors.Datagen;

/// <summary>Makes up the records of splits, no faster than its share of the rate.</summary>
internal sealed class GeneratorReader<T>(Func<long, T> generator, double? recordsPerSecond, SourceReaderContext context)
    : ISourceReader<T, GeneratedSplit>
{
    private readonly MapLoop<long, T> _generator = MapLoop<long, T>.Of(generator);
    private readonly SplitsInTurn<GeneratedSplit> _splits = new();
    private readonly RatePlan? _plan =
        recordsPerSecond is double rate ? new RatePlan(rate / context.Parallelism, context.Time) : null;

    private GeneratedSplit _split;
    private long _next;
    private bool _isWithin;
    private long _batchFirst;
    private int _batchCount;
    private long[] _indexes = [];
    private int _asked;
    private int _left;

    public bool TellsSplits => true;

    public void AddSplit(GeneratedSplit split) => _splits.Add(split);

    public void NoMoreSplits() => _splits.NoMore();

    public ReadStatus Read(ref SourceBatch<T> batch)
    {
        _batchCount = 0;
        if (!_isWithin)
        {
            if (!_splits.TryBegin(out _split))
            {
                return _splits.Status;
            }

            _next = _split.First;
            _isWithin = true;
            _plan?.Start(TimeSpan.FromSeconds(_next % _split.Step / recordsPerSecond!.Value));
        }

        int due = _plan?.Due(batch.Free) ?? batch.Free;
        if (due == 0)
        {
            context.WakeAfter(_plan!.UntilNext);
            return ReadStatus.NothingNow;
        }

        // Not by adding first: the last index may be close to the greatest number.
        long rest = _next < _split.End ? ((_split.End - 1 - _next) / _split.Step) + 1 : 0;
        int count = (int)Math.Min(due, rest);
        _asked = count;
        _left = 0;
        _generator.Run(Indexes(count), batch.FreeValues, ref _left);
        _left = 0;
        batch.Advance(count);
        _batchFirst = _next;
        _batchCount = count;
        _isWithin = count < rest;
        _next += _isWithin ? count * _split.Step : 0;
        batch.Split = _splits.Number;
        batch.IsSplitEnd = !_isWithin;
        _plan?.Done(_batchCount);
        return _isWithin ? ReadStatus.More : _splits.Status;
    }

    public IReadOnlyList<GeneratedSplit> Snapshot() =>
        _isWithin ? [_split with { First = _next }, .. _splits.Waiting] : [.. _splits.Waiting];

    public string? DescribePosition(int index) =>
        (uint)index < (uint)_batchCount ? $"index {_batchFirst + (index * _split.Step)}" : null;

    public string? DescribeFailure() => _left > 0 ? $"index {_indexes[_asked - _left]}" : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ReadOnlySpan<long> Indexes(int count)
    {
        if (_indexes.Length < count)
        {
            _indexes = new long[count];
        }

        Span<long> indexes = _indexes.AsSpan(0, count);
        NumberRun.Fill(indexes, _next, _split.Step);
        return indexes;
    }
}
