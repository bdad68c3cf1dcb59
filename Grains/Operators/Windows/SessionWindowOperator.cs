using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.State.Heap;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>Folds the records of sessions.</summary>
/// <remarks>A record costs one look-up; a session costs one place in the order of ends, which is corrected when that
/// end comes and the session has grown meanwhile.</remarks>
internal sealed class SessionWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>
    : TimeWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    private const int SessionsPerReading = 16;

    private readonly SessionStore<TKey, TAccumulator> _store;
    private readonly SessionEnds _ends = new();
    private readonly Func<TIn, long>? _gapOf;
    private readonly long _gap;

    public SessionWindowOperator(
        WindowAggregateTransformation<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult> transformation,
        WindowOperatorParts<TKey, TOut> parts)
        : base(transformation, parts)
    {
        _gap = transformation.Windows.Assigner.Gap;
        _gapOf = transformation.Windows.Assigner.GapOf;
        _store = new SessionStore<TKey, TAccumulator>(parts.State.Settings.Serializers, parts.State.Hasher);
    }

    protected override long? FirstEnd => _ends.Count > 0 ? _ends.First.Time + 1 : null;

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        State.Register(_store);
        for (int i = 0; i < _store.Places; i++)
        {
            if (_store.IsTaken(i))
            {
                Await(i);
            }
        }

        base.Open(contextOf);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    protected override void FoldRange(RecordBatch<TIn> batch, int start, int count, ReadOnlySpan<long> times)
    {
        ReadOnlySpan<TIn> records = batch.Records.Slice(start, count);
        ReadOnlySpan<TKey> keys = Range.Keys;
        ReadOnlySpan<ulong> hashes = Range.Hashes;
        KeyedTable<TKey, int> heads = _store.Heads;
        heads.Probe(hashes, Range.Guesses);
        BlockEnd = start + count;
        for (int i = 0; i < records.Length; i++)
        {
            Left = records.Length - i;
            long time = times[i];
            if (!WindowTimes.Has(time))
            {
                throw WindowTimes.Refused(Name, time);
            }

            long end = time + (_gapOf is null ? _gap : _gapOf(records[i]));
            int session = _store.FirstOf(in keys[i], hashes[i], Range.Guesses[i]);
            if (session < 0 || !Extend(session, time, end, in records[i]))
            {
                Place(batch, start + i, i, new TimeWindow(time, end));
            }
        }
    }

    protected override bool FireUpTo(long time)
    {
        for (int fired = 1; _ends.Count > 0 && _ends.First.Time <= time; fired++)
        {
            if (!CanTake || (fired % SessionsPerReading == 0 && !MayGoOn()))
            {
                return false;
            }

            SessionEnds.Item item = _ends.Take();
            if (!_store.IsTaken(item.Session) || _store.At(item.Session).Life != item.Life)
            {
                continue;
            }

            ref readonly SessionStore<TKey, TAccumulator>.Session session = ref _store.At(item.Session);
            if (session.End - 1 > item.Time)
            {
                Await(item.Session);
                continue;
            }

            Emit(in session);
            _store.Remove(item.Session);
        }

        Time = Math.Max(Time, time);
        return true;
    }

    // Nearly all records come into the only session of their key.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Extend(int index, long start, long end, in TIn record)
    {
        ref SessionStore<TKey, TAccumulator>.Session session = ref _store.ChangeAt(index);
        if (session.Next >= 0 || start > session.End || end < session.Start)
        {
            return false;
        }

        session.Start = Math.Min(session.Start, start);
        session.End = Math.Max(session.End, end);
        Fold.Add(ref session.Value, in record);
        return true;
    }

    // A session that begins, or a record that makes one of several.
    private void Place(RecordBatch<TIn> batch, int record, int index, TimeWindow window)
    {
        TKey key = Range.Keys[index];
        ulong hash = Range.Hashes[index];
        int into = -1;
        int next;
        for (int session = _store.FirstOf(in key, hash, 0); session >= 0; session = next)
        {
            ref readonly SessionStore<TKey, TAccumulator>.Session at = ref _store.At(session);
            next = at.Next;
            if (!window.Touches(new TimeWindow(at.Start, at.End)))
            {
                continue;
            }

            window = window.Cover(new TimeWindow(at.Start, at.End));
            if (into >= 0)
            {
                TAccumulator merged = _store.ChangeAt(session).Value;
                Fold.Merge(ref _store.ChangeAt(into).Value, in merged);
                _store.Remove(session);
            }
            else
            {
                into = session;
            }
        }

        if (into >= 0)
        {
            ref SessionStore<TKey, TAccumulator>.Session grown = ref _store.ChangeAt(into);
            (grown.Start, grown.End) = (window.Start, window.End);
            Fold.Add(ref grown.Value, in batch[record]);
            return;
        }

        if (window.MaxTimestamp <= Time)
        {
            _store.Forget(in key, hash);
            Drop(batch, record, window.Start);
            return;
        }

        TAccumulator first = Fold.First(in batch[record]);
        Await(_store.Add(in key, hash, window, in first));
    }

    private void Await(int index)
    {
        ref readonly SessionStore<TKey, TAccumulator>.Session session = ref _store.At(index);
        _ends.Add(new SessionEnds.Item(session.End - 1, session.Hash, index, session.Life));
    }

    private void Emit(in SessionStore<TKey, TAccumulator>.Session session)
    {
        TWindow window = WindowOf(session.Start, session.End);
        Output.Room()[0] = Result.Of(in session.Key, in window, in session.Value);
        if (Output.HasTimestamps)
        {
            Output.TimestampRoom()[0] = session.End - 1;
        }

        Output.Advance(1);
    }
}
