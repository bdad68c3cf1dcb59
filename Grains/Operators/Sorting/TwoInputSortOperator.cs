using Millrace.Batches;
using Millrace.Functions;
using Millrace.Operators.Connected;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Sorting;

/// <summary>In front of an operator with two inputs over bounded input: takes all that has keys, and gives it on key by
/// key, so that the operator holds one key's state at a time. Stands for the operator in its chain.</summary>
/// <remarks>Records of one key come in the order of their timestamps, whichever input they are from; of those with the
/// same one, or none, the records of the first input come first.</remarks>
/// <param name="target">The operator; its owner is this one.</param>
/// <param name="left">Sorts its first input; its owner is this one.</param>
/// <param name="right">Sorts its second input; its owner is this one. Null when that has no keys, as a broadcast one:
/// its records pass, and all of them come before the first input is given on.</param>
/// <param name="tools">The loop it belongs to.</param>
internal sealed class TwoInputSortOperator<TKey, TLeft, TRight>(
    TwoInputOperator<TLeft, TRight> target,
    SortedInput<TKey, TLeft> left,
    SortedInput<TKey, TRight>? right,
    SortTools tools)
    : TwoInputOperator<TLeft, TRight>(target.Name)
{
    private readonly WorkAside _aside = new(tools.Loop);
    private long _watermark = RecordBatch.NoWatermark;
    private ulong _group;
    private bool _hasGroup;
    private bool _reading;

    public override string FailedName => target.FailedName;

    public override string WorkName => target.WorkName;

    // What is broadcast passes, which needs room as ever.
    public override bool CanTake => !_aside.IsBusy && (right is not null || target.CanTake);

    public override bool TakesSnapshots => false;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) => throw SortRefusal.OfRestore(Name);

    public override FrozenOperator Freeze(in SnapshotOrder order) => throw SortRefusal.OfFreeze(Name);

    public override void Open(Func<string, RuntimeContext> contextOf) => target.Open(contextOf);

    public override int ProcessLeft(RecordBatch<TLeft> batch, int start, int end) => Take(left, batch, start, end);

    public override int ProcessRight(RecordBatch<TRight> batch, int start, int end) =>
        right is null ? Pass(batch, start, end) : Take(right, batch, start, end);

    public override bool Advance(long watermark)
    {
        _watermark = Math.Max(_watermark, watermark);
        return true;
    }

    public override void Change(WatermarkStatus status)
    {
        // Nothing goes on before the end, when time is of no interest any more.
    }

    public override bool Finish()
    {
        if (_aside.IsBusy)
        {
            return false;
        }

        if (!_reading)
        {
            _reading = true;
            left.BeginRead();
            right?.BeginRead();
        }

        if (!Feed() || (_watermark != RecordBatch.NoWatermark && !target.Advance(_watermark)))
        {
            return false;
        }

        IsFinished = target.Finish();
        return IsFinished;
    }

    public override void EndRound() => target.EndRound();

    public override void Dispose()
    {
        try
        {
            target.Dispose();
        }
        finally
        {
            left.Dispose();
            right?.Dispose();
        }
    }

    private int Pass(RecordBatch<TRight> batch, int start, int end)
    {
        try
        {
            return target.ProcessRight(batch, start, end);
        }
        finally
        {
            Record = target.Record;
        }
    }

    private int Take<T>(SortedInput<TKey, T> input, RecordBatch<T> batch, int start, int end)
    {
        int position = start;
        if (_aside.IsBusy)
        {
            return position;
        }

        for (; position < end && input.HasRoom; position++)
        {
            Record = position;
            input.Add(batch, position);
        }

        if (!input.HasRoom)
        {
            _aside.Begin(input.SpillAsync);
        }

        return position;
    }

    // One key after the other, as far as the operator and the round go.
    private bool Feed()
    {
        while (left.Run() && right?.Run() != false)
        {
            SortPlace nextRight = default;
            SortedStatus leftStatus = left.TryPeek(out SortPlace nextLeft);
            SortedStatus rightStatus = right?.TryPeek(out nextRight) ?? SortedStatus.End;
            if (leftStatus == SortedStatus.ToLoad || rightStatus == SortedStatus.ToLoad)
            {
                _aside.Begin(leftStatus == SortedStatus.ToLoad ? left.LoadAsync : right!.LoadAsync);
                return false;
            }

            bool isOver = leftStatus == SortedStatus.End && rightStatus == SortedStatus.End;
            bool isLeft = leftStatus == SortedStatus.Ready
                && (rightStatus == SortedStatus.End || !nextRight.IsBefore(in nextLeft));
            SortPlace next = isLeft ? nextLeft : nextRight;
            if (_hasGroup && (isOver || next.Hash != _group))
            {
                if (!target.EndKeys())
                {
                    return false;
                }

                _hasGroup = false;
            }

            if (isOver)
            {
                return true;
            }

            if (tools.Clock.IsOver)
            {
                return false;
            }

            (_hasGroup, _group) = (true, next.Hash);
            if (isLeft)
            {
                left.Feed(Until(next, rightStatus == SortedStatus.Ready ? nextRight : null, isIncluded: true));
            }
            else
            {
                right!.Feed(Until(next, leftStatus == SortedStatus.Ready ? nextLeft : null, isIncluded: false));
            }
        }

        return false;
    }

    // Up to where the other input has its turn, or the key ends.
    private static SortPlace Until(in SortPlace next, in SortPlace? other, bool isIncluded) =>
        other is not { } turn || turn.Hash != next.Hash ? SortPlace.LastOf(next.Hash)
        : isIncluded ? turn
        : turn with { Timestamp = turn.Timestamp - 1 };
}
