using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.Operators.Keyed;
using Millrace.Operators.Process;
using Millrace.Operators.Timers;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>Folds the records of windows that fire once, when their time is over, and are gone then.</summary>
/// <remarks>It works on ranges of a batch; time moves on by the watermark or by the clock.</remarks>
internal abstract class TimeWindowOperator<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>
    : ProcessingOperator<TIn, TOut>
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    private readonly KeyedStateBackend<TKey> _state;
    private readonly RoundClock _clock;
    private readonly ClockAlarm _alarm;
    private readonly bool _isEventTime;
    private readonly WindowSettings<TIn, TWindow> _windows;
    private TFold _fold;
    private TResult _result;
    private long[] _times = [];
    private long _now = RecordBatch.NoTimestamp;

    protected TimeWindowOperator(
        WindowAggregateTransformation<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult> transformation,
        WindowOperatorParts<TKey, TOut> parts)
        : base(transformation.Name, parts.Output, parts.Sides)
    {
        _state = parts.State;
        _clock = parts.Clock;
        _alarm = new ClockAlarm(parts.Loop);
        _windows = transformation.Windows;
        _isEventTime = _windows.Assigner.IsEventTime;
        _fold = transformation.Fold;
        _result = transformation.Result;
        Range = new KeyedRange<TIn, TKey>(transformation.Name, transformation.KeySelector, parts.State.Hasher);
    }

    /// <summary>Time has come so far: windows that end by then have fired, and later records for them are
    /// late.</summary>
    protected long Time { get; set; } = RecordBatch.NoWatermark;

    protected KeyedStateBackend<TKey> State => _state;

    protected KeyedRange<TIn, TKey> Range { get; }

    protected ref TFold Fold => ref _fold;

    protected ref TResult Result => ref _result;

    /// <summary>The end of the first window that has not fired, or null.</summary>
    protected abstract long? FirstEnd { get; }

    public sealed override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        _state.Restore([.. snapshots.Select(snapshot => snapshot.Keyed)]);
        Time = OperatorSnapshot.WatermarkOf(snapshots);
    }

    // Windows by the clock are not late: the clock has moved on when they are restored.
    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        _fold.PrepareSnapshot();
        return new FrozenOperator
        {
            Keyed = _state.Freeze(in order),
            Watermark = _isEventTime ? Time : long.MinValue,
        };
    }

    public sealed override void CheckpointCompleted(long checkpoint) => _state.Completed(checkpoint);

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        _fold.Open(contextOf(Name));
        SetAlarm();
    }

    public sealed override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        if (!CanTake)
        {
            return start;
        }

        int count = end - start;
        BlockEnd = end;
        Range.Take(batch, start, count, ref Left);
        FoldRange(batch, start, count, TimesOf(batch, start, count));
        if (!_isEventTime)
        {
            SetAlarm();
        }

        return end;
    }

    // Windows by the clock end by the clock: the order of the keys would only make all of them wait.
    public sealed override bool TryTakeByKey() => _isEventTime;

    public sealed override bool EndKeys()
    {
        if (!FireUpTo(long.MaxValue))
        {
            return false;
        }

        Time = RecordBatch.NoWatermark;
        _state.ForgetAll();
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        _state.Dispose();
        _fold.Close();
    }

    /// <summary>Folds records into their windows.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="count">Number of records, whose keys have been taken.</param>
    /// <param name="times">Their times, or those of the clock.</param>
    protected abstract void FoldRange(RecordBatch<TIn> batch, int start, int count, ReadOnlySpan<long> times);

    /// <summary>Fires the windows whose last point of time is reached.</summary>
    /// <returns>False when the outputs had no more room, or the round is over: call again.</returns>
    protected abstract bool FireUpTo(long time);

    protected sealed override bool FireEventTime(long watermark) => !_isEventTime || FireUpTo(watermark);

    protected sealed override void FireProcessingTime()
    {
        // A record may still come in this millisecond.
        if (_isEventTime || FirstEnd is not long end || end > ReadClock())
        {
            return;
        }

        if (FireUpTo(_now - 1))
        {
            SetAlarm();
        }
        else if (CanTake)
        {
            _alarm.Wake();
        }
    }

    // Nothing follows that could come into a window that is still open: it is over, whatever the clock says.
    protected sealed override bool EmitRest() => FireUpTo(long.MaxValue);

    /// <summary>Whether a call that has done something may do more; one that has done nothing goes on in any case, as
    /// far as there is room, for the round may be over when it comes.</summary>
    protected bool MayGoOn()
    {
        _clock.Read();
        return !_clock.IsOver && CanTake;
    }

    /// <summary>A record has come too late for its windows.</summary>
    protected void Drop(RecordBatch<TIn> batch, int index, long time)
    {
        if (_windows.LateTag is { } tag)
        {
            Sides.SetTimestamp(time);
            Sides.Emit(tag, batch[index]);
        }
    }

    /// <summary>A stretch of time as the type of windows the program sees, which is the same one.</summary>
    protected static TWindow WindowOf(long start, long end) =>
        Unsafe.BitCast<TimeWindow, TWindow>(new TimeWindow(start, end));

    private long ReadClock() => _now = Math.Max(_now, _alarm.Now);

    private void SetAlarm()
    {
        if (!_isEventTime && FirstEnd is long end)
        {
            _alarm.Set(end);
        }
    }

    private ReadOnlySpan<long> TimesOf(RecordBatch<TIn> batch, int start, int count)
    {
        if (_isEventTime)
        {
            return batch.TimestampsAt(start)[..count];
        }

        if (_times.Length < count)
        {
            _times = new long[count];
        }

        Span<long> times = _times.AsSpan(0, count);
        times.Fill(ReadClock());
        return times;
    }
}
