using Millrace.Operators.Connected;

namespace Millrace.Operators.Batch;

/// <summary>The input of an operator that has one.</summary>
internal sealed class OneBatchInput<TIn>(
    StreamOperator<TIn> step, IReadOnlyList<(TIn Record, long Timestamp)> records, BatchDealer dealer) : IBatchInput
{
    private readonly OfferedRecords<TIn> _records = new(records, dealer);

    public bool IsOver => _records.IsOver;

    public void Give() => _records.Give(step.Process);

    public bool Advance() => step.Advance(long.MaxValue);

    public bool Finish() => step.Finish();

    public void Dispose() => _records.Dispose();
}

/// <summary>The inputs of an operator that has two: in turns that chance decides, but for a broadcast one, which comes
/// first.</summary>
/// <param name="step">The operator.</param>
/// <param name="left">Records of the first input.</param>
/// <param name="right">Records of the second input.</param>
/// <param name="broadcast">The input that is broadcast, 0 or 1, or null.</param>
/// <param name="dealer">Cuts them into pieces.</param>
internal sealed class TwoBatchInputs<TLeft, TRight>(
    TwoInputOperator<TLeft, TRight> step,
    IReadOnlyList<(TLeft Record, long Timestamp)> left,
    IReadOnlyList<(TRight Record, long Timestamp)> right,
    int? broadcast,
    BatchDealer dealer) : IBatchInput
{
    private readonly OfferedRecords<TLeft> _left = new(left, dealer);
    private readonly OfferedRecords<TRight> _right = new(right, dealer);

    public bool IsOver => _left.IsOver && _right.IsOver;

    public void Give()
    {
        if (IsLeftNext())
        {
            _left.Give(step.ProcessLeft);
        }
        else
        {
            _right.Give(step.ProcessRight);
        }
    }

    public bool Advance() => step.Advance(long.MaxValue);

    public bool Finish() => step.Finish();

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    // What was begun of one is worked off before anything of the other comes.
    private bool IsLeftNext() =>
        _left.IsWithinBatch || (!_right.IsWithinBatch && !_left.IsOver && (_right.IsOver || broadcast switch
        {
            0 => true,
            1 => false,
            _ => dealer.Random.Next(2) == 0,
        }));
}
