using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph.Connecting;
using Millrace.Joins;
using Millrace.Operators.Connected;
using Millrace.State.Heap;

namespace Millrace.Operators.Joins;

/// <summary>Joins records of two inputs by key and by the distance of their times.</summary>
/// <remarks>Each record looks for partners among those that came before it on the other input, and is kept as long as a
/// record that is not late can join it. One timer for each key and input, at the time its earliest record goes, gives
/// room back.</remarks>
internal sealed class IntervalJoinOperator<TKey, TLeft, TRight, TOut, TStep>(
    KeyedOperatorParts<TKey, TOut> parts,
    CoKeys<TLeft, TRight, TKey> keys,
    JoinInterval<TLeft, TRight> interval,
    TStep step)
    : KeyedTwoInputOperator<TKey, TLeft, TRight, TOut>(parts)
    where TStep : struct, IJoinStep<TLeft, TRight, TOut>
{
    private readonly Func<TLeft, TKey> _leftKey = keys.Left;
    private readonly Func<TRight, TKey> _rightKey = keys.Right;
    private readonly long _lower = interval.Lower;
    private readonly long _upper = interval.Upper;
    private TStep _step = step;
    private KeyedTable<TKey, List<Timed<TLeft>>> _left = new(parts.State.Hasher);
    private KeyedTable<TKey, List<Timed<TRight>>> _right = new(parts.State.Hasher);

    public override int ProcessLeft(RecordBatch<TLeft> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            ulong hash = SetKey(batch, position, _leftKey);
            var left = new Timed<TLeft>(TimeOf(batch, position), batch[position]);
            if (left.Time > Timers.Watermark)
            {
                JoinLeft(in left, hash);
                Keep(_left, in left, hash, _upper);
            }
            else if (interval.LeftLate is not null)
            {
                Sides.Emit(interval.LeftLate, left.Value);
            }
        }

        State.ClearKey();
        return position;
    }

    public override int ProcessRight(RecordBatch<TRight> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            ulong hash = SetKey(batch, position, _rightKey);
            var right = new Timed<TRight>(TimeOf(batch, position), batch[position]);
            if (right.Time > Timers.Watermark)
            {
                JoinRight(in right, hash);
                Keep(_right, in right, hash, -_lower);
            }
            else if (interval.RightLate is not null)
            {
                Sides.Emit(interval.RightLate, right.Value);
            }
        }

        State.ClearKey();
        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        _step.Close();
    }

    protected override void OpenFunction(RuntimeContext context)
    {
        // Records do not change, only the lists do.
        _left = State.CreateTable<List<Timed<TLeft>>>("left", static list => [.. list]);
        _right = State.CreateTable<List<Timed<TRight>>>("right", static list => [.. list]);

        State.Keyed.Reserve("left", "right");

        // What a struct keeps when it is opened is kept.
        TStep step = _step;
        step.Open(context);
        _step = step;
    }

    protected override void PrepareFunction()
    {
        TStep step = _step;
        step.PrepareSnapshot();
        _step = step;
    }

    protected override void OnTimer(long time, TimeDomain domain)
    {
        ulong hash = State.Hasher.Hash(in State.CurrentKey);
        Expire(_left, hash, _upper);
        Expire(_right, hash, -_lower);
    }

    private void JoinLeft(in Timed<TLeft> left, ulong hash)
    {
        int index = _right.IndexOf(in State.CurrentKey, hash);
        if (index < 0)
        {
            return;
        }

        List<Timed<TRight>> kept = _right.ValueAt(index);
        long last = TimeOrder.Shift(left.Time, _upper);
        ReadOnlySpan<Timed<TRight>> partners = CollectionsMarshal.AsSpan(kept)[
            TimeOrder.FirstAt(kept, TimeOrder.Shift(left.Time, _lower))..];
        foreach (ref readonly Timed<TRight> right in partners)
        {
            if (right.Time > last)
            {
                return;
            }

            Begin(Math.Max(left.Time, right.Time));
            _step.Join(in left, in right, Collector);
        }
    }

    private void JoinRight(in Timed<TRight> right, ulong hash)
    {
        int index = _left.IndexOf(in State.CurrentKey, hash);
        if (index < 0)
        {
            return;
        }

        List<Timed<TLeft>> kept = _left.ValueAt(index);
        long last = TimeOrder.Shift(right.Time, -_lower);
        ReadOnlySpan<Timed<TLeft>> partners = CollectionsMarshal.AsSpan(kept)[
            TimeOrder.FirstAt(kept, TimeOrder.Shift(right.Time, -_upper))..];
        foreach (ref readonly Timed<TLeft> left in partners)
        {
            if (left.Time > last)
            {
                return;
            }

            Begin(Math.Max(left.Time, right.Time));
            _step.Join(in left, in right, Collector);
        }
    }

    private void Keep<T>(KeyedTable<TKey, List<Timed<T>>> table, in Timed<T> record, ulong hash, long lifetime)
    {
        long expiry = TimeOrder.Shift(record.Time, lifetime);
        if (expiry <= Timers.Watermark)
        {
            return;
        }

        ref List<Timed<T>> kept = ref table.GetOrAdd(in State.CurrentKey, hash, out bool exists);
        if (!exists)
        {
            kept = [];
        }

        if (TimeOrder.Insert(kept, record.Time, record.Value) == 0)
        {
            Timers.EventTime.Add(expiry, in State.CurrentKey, default);
        }
    }

    private void Expire<T>(KeyedTable<TKey, List<Timed<T>>> table, ulong hash, long lifetime)
    {
        int index = table.IndexOf(in State.CurrentKey, hash);
        if (index < 0)
        {
            return;
        }

        List<Timed<T>> kept = table.ValueAt(index);
        int gone = 0;
        while (gone < kept.Count && TimeOrder.Shift(kept[gone].Time, lifetime) <= Timers.Watermark)
        {
            gone++;
        }

        if (gone == kept.Count)
        {
            table.Remove(in State.CurrentKey, hash);
            return;
        }

        long next = TimeOrder.Shift(kept[gone].Time, lifetime);
        if (gone > 0)
        {
            table.ChangeAt(index).RemoveRange(0, gone);
        }

        Timers.EventTime.Add(next, in State.CurrentKey, default);
    }
}
