namespace Millrace.Connectors.Datagen;

/// <summary>Makes up the records of splits, no faster than its share of the rate.</summary>
internal sealed class GeneratorReader<T>(Func<long, T> generator, double? recordsPerSecond, SourceReaderContext context)
    : ISourceReader<T, GeneratedSplit>
{
    private readonly Queue<GeneratedSplit> _splits = new();
    private readonly RatePlan? _plan =
        recordsPerSecond is double rate ? new RatePlan(rate / context.Parallelism, context.Time) : null;

    private GeneratedSplit _split;
    private long _next;
    private bool _isWithin;
    private bool _noMoreSplits;
    private long _batchFirst;
    private int _batchCount;
    private int _splitNumber = -1;

    public bool TellsSplits => true;

    public void AddSplit(GeneratedSplit split) => _splits.Enqueue(split);

    public void NoMoreSplits() => _noMoreSplits = true;

    public ReadStatus Read(ref SourceBatch<T> batch)
    {
        _batchCount = 0;
        if (!_isWithin)
        {
            if (!_splits.TryDequeue(out _split))
            {
                return StatusBetween();
            }

            _splitNumber++;
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

        _batchFirst = _next;
        while (_batchCount < due && _isWithin)
        {
            batch.Add(generator(_next));
            _batchCount++;

            // Not by adding first: the last index may be close to the greatest number.
            _isWithin = _next < _split.End - _split.Step;
            _next += _isWithin ? _split.Step : 0;
        }

        batch.Split = _splitNumber;
        batch.IsSplitEnd = !_isWithin;
        _plan?.Done(_batchCount);
        return _isWithin ? ReadStatus.More : StatusBetween();
    }

    public IReadOnlyList<GeneratedSplit> Snapshot() =>
        _isWithin ? [_split with { First = _next }, .. _splits] : [.. _splits];

    public string? DescribePosition(int index) =>
        (uint)index < (uint)_batchCount ? $"index {_batchFirst + (index * _split.Step)}" : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ReadStatus StatusBetween()
    {
        if (_splits.Count > 0)
        {
            return ReadStatus.More;
        }

        return _noMoreSplits ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
    }
}
