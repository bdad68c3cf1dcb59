namespace Millrace.Connectors.Datagen;

/// <summary>Counts through ranges.</summary>
internal sealed class NumberReader : ISourceReader<long, NumberRange>
{
    private readonly SplitsInTurn<NumberRange> _ranges = new();
    private long _next;
    private ulong _left;
    private bool _isWithin;
    private long _batchFirst;
    private int _batchCount;

    public bool TellsSplits => true;

    public void AddSplit(NumberRange split) => _ranges.Add(split);

    public void NoMoreSplits() => _ranges.NoMore();

    public ReadStatus Read(ref SourceBatch<long> batch)
    {
        _batchCount = 0;
        if (!_isWithin)
        {
            if (!_ranges.TryBegin(out NumberRange range))
            {
                return _ranges.Status;
            }

            // The number of those after the next one: all 2 to the 64th fit so.
            _next = range.First;
            _left = unchecked((ulong)(range.Last - range.First));
            _isWithin = true;
        }

        Span<long> values = batch.FreeValues;
        int count = _left < (ulong)values.Length ? (int)_left + 1 : values.Length;
        NumberRun.Fill(values[..count], _next, step: 1);
        batch.Advance(count);
        _batchFirst = _next;
        _batchCount = count;
        _isWithin = _left >= (ulong)count;
        _next = unchecked(_next + count);
        _left = unchecked(_left - (ulong)count);
        batch.Split = _ranges.Number;
        batch.IsSplitEnd = !_isWithin;
        return _isWithin ? ReadStatus.More : _ranges.Status;
    }

    public IReadOnlyList<NumberRange> Snapshot() =>
        _isWithin ? [new NumberRange(_next, unchecked(_next + (long)_left)), .. _ranges.Waiting] : [.. _ranges.Waiting];

    public string? DescribePosition(int index) =>
        (uint)index < (uint)_batchCount ? $"number {unchecked(_batchFirst + index)}" : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
