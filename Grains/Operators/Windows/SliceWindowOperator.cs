using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>Folds the records of tumbling and sliding windows, which share the slices of time they have in
/// common.</summary>
/// <remarks>
/// A record costs one look-up, into how many windows it may belong. A window fires for all its keys at once: no timers
/// are kept. Results of one window come in no particular order.
/// </remarks>
internal sealed class SliceWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>
    : TimeWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    private const long NoWindow = long.MinValue;
    private const int MostResults = 1_024;

    private readonly TimeSlices _slices;
    private readonly SliceStore<TKey, TAccumulator> _store;
    private readonly WindowTotals<TKey, TIn, TAccumulator, TFold> _totals;
    private FiredWindows<TKey>? _fired;
    private long _firing = NoWindow;
    private int _emitted;

    public SliceWindowOperator(
        WindowAggregateTransformation<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult> transformation,
        WindowOperatorParts<TKey, TOut> parts)
        : base(transformation, parts)
    {
        _slices = transformation.Windows.Assigner.Slices!;
        _store = new SliceStore<TKey, TAccumulator>(_slices, parts.State.Settings.Serializers, parts.State.Hasher);
        TypeSerializer<TAccumulator> values = parts.State.Settings.Serializers.Get<TAccumulator>();
        _totals = Fold.CanSubtract
            ? new DifferenceTotals<TKey, TIn, TAccumulator, TFold>(values, parts.State.Hasher, Fold.MayChange)
            : new SuffixTotals<TKey, TIn, TAccumulator, TFold>(values, parts.State.Hasher, Fold.MayChange);
    }

    protected override long? FirstEnd
    {
        get
        {
            long end = _firing == NoWindow ? NextEnd() : _firing;
            return end == NoWindow ? null : end;
        }
    }

    private bool IsTumbling => _slices.Size == _slices.Slide;

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        State.Register(_store);
        _fired = new FiredWindows<TKey>(State, Firing, Fired);
        base.Open(contextOf);
    }

    protected override void FoldRange(RecordBatch<TIn> batch, int start, int count, ReadOnlySpan<long> times)
    {
        int done = 0;
        while (done < count)
        {
            long time = times[done];
            if (!WindowTimes.Has(time))
            {
                throw WindowTimes.Refused(Name, time);
            }

            long slice = _slices.SliceOf(time);
            if (_slices.LastEndOf(slice) - 1 <= Time)
            {
                Drop(batch, start + done, time);
                done++;
                continue;
            }

            int run = RunOf(times[done..], slice);
            FoldRun(batch, start, done, run, slice);
            done += run;
        }
    }

    protected override bool FireUpTo(long time)
    {
        for (int fired = 0; ; fired++)
        {
            if (_firing == NoWindow)
            {
                long end = NextEnd();
                if (end == NoWindow || end - 1 > time)
                {
                    break;
                }

                // Windows may be many, and whatever follows may make nothing of them.
                if (fired > 0 && !MayGoOn())
                {
                    return false;
                }

                BeginWindow(end);
            }

            if (!EmitWindow())
            {
                return false;
            }

            EndWindow();
        }

        Time = Math.Max(Time, time);
        return true;
    }

    private int RunOf(ReadOnlySpan<long> times, long slice)
    {
        long size = _slices.Slice;
        int run = 1;
        while (run < times.Length && (ulong)(times[run] - slice) < (ulong)size)
        {
            run++;
        }

        return run;
    }

    private void FoldRun(RecordBatch<TIn> batch, int start, int offset, int count, long slice)
    {
        SliceStore<TKey, TAccumulator>.Slice at = _store.At(slice);
        ReadOnlySpan<TIn> records = batch.Records.Slice(start + offset, count);
        BlockEnd = start + offset + count;
        if (at.IsCounted)
        {
            if (_totals.TakesRecords)
            {
                FoldCounted(records, offset, at);
                return;
            }

            _totals.Invalidate();
        }

        FoldInto(at.Table, records, Range.Keys.Slice(offset, count), Range.Hashes.Slice(offset, count));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FoldInto(
        KeyedTable<TKey, TAccumulator> table,
        ReadOnlySpan<TIn> records,
        ReadOnlySpan<TKey> keys,
        ReadOnlySpan<ulong> hashes)
    {
        ReadOnlySpan<uint> guesses = Range.Guesses.AsSpan(0, hashes.Length);
        table.ProbeToChange(hashes, Range.Guesses);
        TFold fold = Fold;
        for (int i = 0; i < records.Length; i++)
        {
            Left = records.Length - i;
            ref TAccumulator accumulator = ref table.Guessed(in keys[i], guesses[i]);
            if (Unsafe.IsNullRef(ref accumulator))
            {
                accumulator = ref table.GetOrAdd(in keys[i], hashes[i], out bool exists);
                if (!exists)
                {
                    accumulator = fold.First(in records[i]);
                    continue;
                }
            }

            fold.Add(ref accumulator, in records[i]);
        }

        Fold = fold;
    }

    // Records that are behind a window which has fired, and still in time for a later one.
    private void FoldCounted(ReadOnlySpan<TIn> records, int offset, SliceStore<TKey, TAccumulator>.Slice slice)
    {
        for (int i = 0; i < records.Length; i++)
        {
            Left = records.Length - i;
            ref readonly TKey key = ref Range.Keys[offset + i];
            ulong hash = Range.Hashes[offset + i];
            TAccumulator alone = Fold.First(in records[i]);
            ref TAccumulator accumulator = ref slice.Table.GetOrAdd(in key, hash, out bool exists);
            if (exists)
            {
                Fold.Merge(ref accumulator, in alone);
            }
            else
            {
                accumulator = alone;
            }

            _totals.Add(in key, hash, in alone, isNew: !exists, ref Fold);
        }
    }

    // Windows without records in them are passed over.
    private long NextEnd()
    {
        if (_store.Count == 0)
        {
            return NoWindow;
        }

        long first = _store[0].Start;
        return _slices.FirstEndAfter(Time == RecordBatch.NoWatermark ? first : Math.Max(first, AfterTime()));
    }

    // A window whose last point of time is the present time has fired: the next one ends later.
    private long AfterTime() => Time == long.MaxValue ? long.MaxValue : Time + 1;

    private void BeginWindow(long end)
    {
        _firing = end;
        _emitted = 0;
        if (IsTumbling)
        {
            return;
        }

        long start = end - _slices.Size;
        Free(start);
        _totals.Begin(_store);
        for (int i = 0; i < _store.Count && _store[i].Start < end; i++)
        {
            if (!_store[i].IsCounted)
            {
                _totals.Add(_store[i], ref Fold);
            }
        }

        _totals.Complete(ref Fold);
    }

    private void EndWindow()
    {
        Time = Math.Max(Time, _firing - 1);
        Free(_firing - _slices.Size + _slices.Slide);
        _fired!.Pass(_firing - 1);
        _firing = NoWindow;
    }

    private void Free(long before)
    {
        for (int i = 0; i < _store.Count && _store[i].Start < before; i++)
        {
            if (_store[i].IsCounted)
            {
                _totals.Subtract(_store, _store[i], ref Fold);
            }
        }

        _store.FreeBefore(before);
    }

    private bool EmitWindow()
    {
        TWindow window = WindowOf(_firing - _slices.Size, _firing);
        KeyedTable<TKey, TAccumulator>? slice = IsTumbling ? _store[0].Table : null;
        int count = slice is null ? _totals.Table.Count : slice.Count;
        int first = _emitted;
        while (_emitted < count)
        {
            if (_emitted == first ? !CanTake : !MayGoOn())
            {
                return false;
            }

            Span<TOut> room = Output.Room();
            int end = Math.Min(count, _emitted + Math.Min(room.Length, MostResults));
            int results = slice is null ? EmitTotals(room, in window, end) : EmitSlice(slice, room, in window, end);
            if (Output.HasTimestamps)
            {
                Output.TimestampRoom()[..results].Fill(_firing - 1);
            }

            _emitted = end;
            Output.Advance(results);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EmitSlice(KeyedTable<TKey, TAccumulator> table, Span<TOut> room, in TWindow window, int end)
    {
        int results = 0;
        TResult result = Result;
        TWindow fired = window;
        FiredWindows<TKey> formerly = _fired!;
        for (int first = _emitted, next; first < end; first = next)
        {
            ReadOnlySpan<KeyedTable<TKey, TAccumulator>.Entry> entries = table.EntriesFrom(first);
            next = Math.Min(end, first + entries.Length);
            entries = entries[..(next - first)];
            if (formerly.IsEmpty)
            {
                Span<TOut> places = room.Slice(results, entries.Length);
                for (int i = 0; i < places.Length; i++)
                {
                    places[i] = result.Of(in entries[i].Key, in fired, in entries[i].Value);
                }

                results += entries.Length;
                continue;
            }

            foreach (ref readonly KeyedTable<TKey, TAccumulator>.Entry entry in entries)
            {
                if (!formerly.Holds(in entry.Key, _firing - 1))
                {
                    room[results++] = result.Of(in entry.Key, in fired, in entry.Value);
                }
            }
        }

        return results;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EmitTotals(Span<TOut> room, in TWindow window, int end)
    {
        int results = 0;
        TResult result = Result;
        TWindow fired = window;
        FiredWindows<TKey> formerly = _fired!;
        int next;
        for (int first = _emitted; first < end; first = next)
        {
            ReadOnlySpan<KeyedTable<TKey, WindowTotals<TKey, TIn, TAccumulator, TFold>.Total>.Entry> entries =
                _totals.Table.EntriesFrom(first);
            next = Math.Min(end, first + entries.Length);
            entries = entries[..(next - first)];
            if (formerly.IsEmpty)
            {
                Span<TOut> places = room.Slice(results, entries.Length);
                for (int i = 0; i < places.Length; i++)
                {
                    places[i] = result.Of(in entries[i].Key, in fired, in entries[i].Value.Value);
                }

                results += entries.Length;
                continue;
            }

            foreach (ref readonly var entry in entries)
            {
                if (!formerly.Holds(in entry.Key, _firing - 1))
                {
                    room[results++] = result.Of(in entry.Key, in fired, in entry.Value.Value);
                }
            }
        }

        return results;
    }

    private FiredKeys<TKey> Firing()
    {
        List<IDisposable> frozen = [];
        if (_firing == NoWindow || _emitted == 0)
        {
            return new FiredKeys<TKey>([], NoWindow, frozen);
        }

        IEnumerable<TKey> all = IsTumbling ? Keys(_store[0].Table, frozen) : Keys(_totals.Table, frozen);
        return new FiredKeys<TKey>(all.Take(_emitted), _firing - 1, frozen);
    }

    // Of tumbling windows that have fired nothing is left.
    private FiredKeys<TKey> Fired()
    {
        List<IDisposable> frozen = [];
        List<IEnumerable<TKey>> fired = [];
        for (int i = 0; i < _store.Count && !IsTumbling; i++)
        {
            fired.Add(Keys(_store[i].Table, frozen));
        }

        return new FiredKeys<TKey>(fired.SelectMany(static keys => keys), Time, frozen);
    }

    private static IEnumerable<TKey> Keys<TValue>(KeyedTable<TKey, TValue> table, List<IDisposable> frozen)
    {
        FrozenTable<TKey, TValue> keys = table.Freeze(SnapshotOrder.Everything);
        frozen.Add(keys);
        return keys.Keys();
    }
}
