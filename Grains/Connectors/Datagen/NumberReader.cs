namespace Millrace.Connectors.Datagen;

/// <summary>Counts through ranges.</summary>
internal sealed class NumberReader : ISourceReader<long, NumberRange>
{
    private readonly Queue<NumberRange> _ranges = new();
    private long _next;
    private ulong _left;
    private bool _isWithin;
    private bool _noMoreSplits;
    private long _batchFirst;
    private int _batchCount;
    private int _split = -1;

    public bool TellsSplits => true;

    public void AddSplit(NumberRange split) => _ranges.Enqueue(split);

    public void NoMoreSplits() => _noMoreSplits = true;

    public ReadStatus Read(ref SourceBatch<long> batch)
    {
        _batchCount = 0;
        if (!_isWithin)
        {
            if (!_ranges.TryDequeue(out NumberRange range))
            {
                return StatusBetween();
            }

            // The number of those after the next one: all 2 to the 64th fit so.
            _split++;
            _next = range.First;
            _left = unchecked((ulong)(range.Last - range.First));
            _isWithin = true;
        }

        Span<long> values = batch.FreeValues;
        int count = _left < (ulong)values.Length ? (int)_left + 1 : values.Length;
        for (int i = 0; i < count; i++)
        {
            values[i] = unchecked(_next + i);
        }

        batch.Advance(count);
        _batchFirst = _next;
        _batchCount = count;
        _isWithin = _left >= (ulong)count;
        _next = unchecked(_next + count);
        _left = unchecked(_left - (ulong)count);
        batch.Split = _split;
        batch.IsSplitEnd = !_isWithin;
        return _isWithin ? ReadStatus.More : StatusBetween();
    }

    public IReadOnlyList<NumberRange> Snapshot() =>
        _isWithin ? [new NumberRange(_next, unchecked(_next + (long)_left)), .. _ranges] : [.. _ranges];

    public string? DescribePosition(int index) =>
        (uint)index < (uint)_batchCount ? $"number {unchecked(_batchFirst + index)}" : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ReadStatus StatusBetween()
    {
        if (_ranges.Count > 0)
        {
            return ReadStatus.More;
        }

        return _noMoreSplits ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
    }
}
