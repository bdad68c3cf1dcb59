using Millrace.Batches;
using Millrace.Functions;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Sorting;

/// <summary>In front of a keyed operator over bounded input: takes all of it, and gives it on key by key, so that the
/// operator holds one key's state at a time. Stands for the operator in its chain.</summary>
/// <remarks>The operator behind it sees a key's records in the order of their timestamps, where there are any, then
/// <see cref="StreamOperator.EndKeys"/>; the watermark and the end of data when all keys are done.</remarks>
/// <param name="target">The operator; its owner is this one.</param>
/// <param name="input">What sorts for it; its owner is this one.</param>
/// <param name="tools">The loop it belongs to.</param>
internal sealed class KeySortOperator<TKey, TIn>(
    StreamOperator<TIn> target, SortedInput<TKey, TIn> input, SortTools tools)
    : StreamOperator<TIn>(target.Name)
{
    private readonly WorkAside _aside = new(tools.Loop);
    private readonly IKeyKeeper<TKey>? _keeper = target as IKeyKeeper<TKey>;
    private long _watermark = RecordBatch.NoWatermark;
    private ulong _group;
    private bool _hasGroup;
    private bool _reading;
    private bool _keepsNoMore;

    public override string FailedName => target.FailedName;

    public override string WorkName => target.WorkName;

    // What it keeps it takes at once, which needs room as ever.
    public override bool CanTake => !_aside.IsBusy && (_keeper is null || target.CanTake);

    public override bool TakesSnapshots => false;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) => throw SortRefusal.OfRestore(Name);

    public override FrozenOperator Freeze(in SnapshotOrder order) => throw SortRefusal.OfFreeze(Name);

    public override void Open(Func<string, RuntimeContext> contextOf) => target.Open(contextOf);

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        if (_aside.IsBusy)
        {
            return position;
        }

        if (_keeper is not null && !_keepsNoMore)
        {
            position = PassOn(batch, start, end);
            _keepsNoMore = _keeper.KeptBytes >= input.BudgetBytes;
            return position;
        }

        while (position < end && input.HasRoom)
        {
            Record = position;
            int kept = KeptUntil(batch, position, end);
            if (kept > position)
            {
                int taken = PassOn(batch, position, kept);
                if (taken < kept)
                {
                    return taken;
                }

                position = taken;
                continue;
            }

            input.Add(batch, position++);
        }

        if (!input.HasRoom)
        {
            _aside.Begin(input.SpillAsync);
        }

        return position;
    }

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
            // What it keeps comes first, and makes room.
            if (_keeper is not null && !target.EndKeys())
            {
                return false;
            }

            _reading = true;
            input.BeginRead();
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
            input.Dispose();
        }
    }

    // Where the records end that the operator takes as they come.
    private int KeptUntil(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        while (_keeper is not null && position < end && input.IsKept(batch, position, _keeper))
        {
            position++;
        }

        return position;
    }

    private int PassOn(RecordBatch<TIn> batch, int start, int end)
    {
        try
        {
            return target.Process(batch, start, end);
        }
        catch (Exception exception) when (tools.Failure.Note(exception, target))
        {
            throw;
        }
    }

    // One key after the other, as far as the operator and the round go.
    private bool Feed()
    {
        while (input.Run())
        {
            SortedStatus status = input.TryPeek(out SortPlace next);
            if (status == SortedStatus.ToLoad)
            {
                _aside.Begin(input.LoadAsync);
                return false;
            }

            bool isOver = status == SortedStatus.End;
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
            input.Feed(SortPlace.LastOf(next.Hash));
        }

        return false;
    }
}
