using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph.Connecting;
using Millrace.Joins;
using Millrace.Operators.Connected;
using Millrace.State.Heap;

namespace Millrace.Operators.Joins;

/// <summary>Joins each record with the version of its key that was valid at its time.</summary>
/// <remarks>Records wait for the watermark. A key has one timer for the earliest of them, and one for the time at which
/// its oldest version is no longer the latest of the past.</remarks>
internal sealed class TemporalJoinOperator<TKey, TLeft, TRight, TOut, TFunction>(
    KeyedOperatorParts<TKey, TOut> parts,
    CoKeys<TLeft, TRight, TKey> keys,
    TemporalJoinSides<TLeft> outcasts,
    TFunction function)
    : KeyedTwoInputOperator<TKey, TLeft, TRight, TOut>(parts)
    where TFunction : IJoinFunction<TLeft, TRight, TOut>
{
    private readonly Func<TLeft, TKey> _leftKey = keys.Left;
    private readonly Func<TRight, TKey> _rightKey = keys.Right;
    private TFunction _function = function;
    private KeyedTable<TKey, List<Timed<TLeft>>> _waiting = new(parts.State.Hasher);
    private KeyedTable<TKey, List<Timed<TRight>>> _versions = new(parts.State.Hasher);

    public override int ProcessLeft(RecordBatch<TLeft> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            ulong hash = SetKey(batch, position, _leftKey);
            long time = TimeOf(batch, position);
            if (time > Timers.Watermark)
            {
                Wait(time, batch[position], hash);
            }
            else if (outcasts.Late is not null)
            {
                Sides.Emit(outcasts.Late, batch[position]);
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
            AddVersion(TimeOf(batch, position), batch[position], hash);
        }

        State.ClearKey();
        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        UserFunction.Close(ref _function);
    }

    protected override void OpenFunction(RuntimeContext context)
    {
        // Records do not change, only the lists do.
        _waiting = State.CreateTable<List<Timed<TLeft>>>("waiting", static list => [.. list]);
        _versions = State.CreateTable<List<Timed<TRight>>>("versions", static list => [.. list]);
        State.Keyed.Reserve("waiting", "versions");
        UserFunction.Open(ref _function, context);
    }

    protected override void PrepareFunction() => UserFunction.PrepareSnapshot(ref _function);

    protected override void OnTimer(long time, TimeDomain domain)
    {
        ulong hash = State.Hasher.Hash(in State.CurrentKey);
        int index = _versions.IndexOf(in State.CurrentKey, hash);
        List<Timed<TRight>>? versions = index < 0 ? null : _versions.ValueAt(index);
        JoinWaiting(time, versions, hash);
        if (versions is not null)
        {
            Forget(_versions.ChangeAt(index), time);
        }
    }

    private void Wait(long time, TLeft record, ulong hash)
    {
        ref List<Timed<TLeft>> waiting = ref _waiting.GetOrAdd(in State.CurrentKey, hash, out bool exists);
        if (!exists)
        {
            waiting = [];
        }

        if (TimeOrder.Insert(waiting, time, record) == 0)
        {
            Timers.EventTime.Add(time, in State.CurrentKey, default);
        }
    }

    // A late version says nothing of records that have gone, but may be the latest for those to come.
    private void AddVersion(long time, TRight version, ulong hash)
    {
        ref List<Timed<TRight>> versions = ref _versions.GetOrAdd(in State.CurrentKey, hash, out bool exists);
        if (!exists)
        {
            versions = [];
        }

        int next = TimeOrder.FirstAfter(versions, time);
        if (next > 0 && versions[next - 1].Time == time)
        {
            versions[next - 1] = new Timed<TRight>(time, version);
            return;
        }

        versions.Insert(next, new Timed<TRight>(time, version));
        Forget(versions, Timers.Watermark);
    }

    private void JoinWaiting(long time, List<Timed<TRight>>? versions, ulong hash)
    {
        int index = _waiting.IndexOf(in State.CurrentKey, hash);
        if (index < 0)
        {
            return;
        }

        List<Timed<TLeft>> waiting = _waiting.ValueAt(index);
        int due = TimeOrder.FirstAfter(waiting, time);
        for (int i = 0; i < due; i++)
        {
            Join(waiting[i], versions);
        }

        if (due == waiting.Count)
        {
            _waiting.Remove(in State.CurrentKey, hash);
            return;
        }

        long next = waiting[due].Time;
        _waiting.ChangeAt(index).RemoveRange(0, due);
        Timers.EventTime.Add(next, in State.CurrentKey, default);
    }

    private void Join(Timed<TLeft> left, List<Timed<TRight>>? versions)
    {
        Begin(left.Time);
        int valid = versions is null ? -1 : TimeOrder.FirstAfter(versions, left.Time) - 1;
        if (valid >= 0)
        {
            Collector.Emit(_function.Join(left.Value, versions![valid].Value));
        }
        else if (outcasts.Unmatched is not null)
        {
            Sides.Emit(outcasts.Unmatched, left.Value);
        }
    }

    // Of the versions up to a time only the last can be valid for a record behind it.
    private void Forget(List<Timed<TRight>> versions, long time)
    {
        int valid = TimeOrder.FirstAfter(versions, time) - 1;
        if (valid > 0)
        {
            versions.RemoveRange(0, valid);
        }

        if (versions.Count > 1)
        {
            Timers.EventTime.Add(versions[1].Time, in State.CurrentKey, default);
        }
    }
}
