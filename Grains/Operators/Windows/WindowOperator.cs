using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.Operators.Process;
using Millrace.Operators.Timers;
using Millrace.Operators.Windows.Contents;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Windowing;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators.Windows;

/// <summary>Windows of any kind, with any trigger. A record is a unit, and so is a timer.</summary>
internal sealed class WindowOperator<TKey, TIn, TOut, TWindow>
    : ProcessingOperator<TIn, TOut>, ITimerTarget<TKey, TWindow>
    where TWindow : struct, IWindow
{
    private const string TimersName = "windows";

    private readonly KeyedStateBackend<TKey> _state;
    private readonly OperatorTimers<TKey, TWindow> _timers;
    private readonly WindowSettings<TIn, TWindow> _windows;
    private readonly Trigger<TIn, TWindow> _trigger;
    private readonly Func<TIn, TKey> _keySelector;
    private readonly WindowContents<TKey, TIn, TOut, TWindow> _contents;
    private readonly NamespaceScope<TWindow> _contentScope;
    private readonly NamespaceScope<TWindow> _windowScope;
    private readonly WindowFrame<TKey, TOut, TWindow> _frame;
    private readonly WindowTriggerContext<TKey, TOut, TWindow> _triggerContext;
    private readonly AssignedWindows<TWindow> _assigned;
    private MergingWindows<TIn, TWindow>? _merging;
    private long _finishingUntil = long.MinValue;

    public WindowOperator(
        string name,
        Func<TIn, TKey> keySelector,
        WindowSettings<TIn, TWindow> windows,
        WindowContents<TKey, TIn, TOut, TWindow> contents,
        WindowOperatorParts<TKey, TOut> parts)
        : base(name, parts.Output, parts.Sides)
    {
        _state = parts.State;
        _windows = windows;
        _assigned = new AssignedWindows<TWindow>(name, windows.Assigner.Description);
        _trigger = windows.FiringTrigger;
        _keySelector = keySelector;
        _contents = contents;
        _timers = new OperatorTimers<TKey, TWindow>(
            TimersName, parts.State.Settings.Serializers, parts.Loop, parts.Clock, this)
        {
            WaitForNextMillisecond = true,
        };
        _contentScope = _state.CreateScope<TWindow>();
        _windowScope = _state.CreateScope<TWindow>();
        _frame = new WindowFrame<TKey, TOut, TWindow>(_state, _windowScope, _timers, Collector, parts.Sides);
        _triggerContext = new WindowTriggerContext<TKey, TOut, TWindow>(_frame, _windowScope);
    }

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        _state.Restore([.. snapshots.Select(snapshot => snapshot.Keyed)]);
        _timers.Restore(OperatorSnapshot.WatermarkOf(snapshots));
    }

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        _contents.PrepareSnapshot();
        return new FrozenOperator
        {
            Keyed = _state.Freeze(in order),
            Watermark = _timers.Watermark,
        };
    }

    public override void CheckpointCompleted(long checkpoint) => _state.Completed(checkpoint);

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        _state.Register(_timers.EventTime);
        _state.Register(_timers.ProcessingTime);
        _merging = _windows.Assigner.IsMerging
            ? new MergingWindows<TIn, TWindow>(_windows.Assigner, _state.Keyed)
            : null;
        _contents.Open(_contentScope, _frame, contextOf(Name));
        foreach (StateScope reachable in (StateScope[])[_state.Keyed, _windowScope.States])
        {
            reachable.Reserve(WindowContents<TKey, TIn, TOut, TWindow>.StateName);
            if (_merging is not null)
            {
                reachable.Reserve(MergingWindows<TIn, TWindow>.StateName);
            }
        }

        _timers.ScheduleWakeUp();
    }

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        ulong[]? carried = batch.Hashes;
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            TIn record = batch[position];
            TKey key = KeyOf(record);
            _state.SetKey(in key, carried is null ? _state.Hasher.Hash(in key) : carried[position]);
            Take(in record, batch.Timestamps is long[] times ? times[position] : RecordBatch.NoTimestamp);
        }

        _state.ClearKey();
        return position;
    }

    public override bool TryTakeByKey() => _windows.Assigner.IsEventTime && (_timers.EndWithKeys = true);

    public override bool EndKeys()
    {
        if (!_timers.FireAll())
        {
            return false;
        }

        _state.ForgetAll();
        return true;
    }

    public void OnEventTime(in TimerKey<TKey, TWindow> timer) => OnTimer(in timer, isEventTime: true);

    public void OnProcessingTime(in TimerKey<TKey, TWindow> timer) => OnTimer(in timer, isEventTime: false);

    public override void Dispose()
    {
        base.Dispose();
        _state.Dispose();
        _contents.Close();
    }

    protected override bool FireEventTime(long watermark) => _timers.Advance(watermark);

    protected override void FireProcessingTime() => _timers.FireProcessingTime();

    // Nothing follows that could come into a window by the clock: what waits for it fires now. What a trigger adds
    // meanwhile fires as far as it lies within the windows there are.
    protected override bool EmitRest()
    {
        if (_finishingUntil == long.MinValue)
        {
            _finishingUntil = _timers.ProcessingTime.LatestTime();
        }

        return _timers.FinishProcessingTime(_finishingUntil);
    }

    private TKey KeyOf(TIn record)
    {
        TKey key = _keySelector(record);
        return key is null ? throw new InvalidOperationException($"The key of '{Name}' is null.") : key;
    }

    // Windows by the clock may hold records that have times: trigger and evictor see these.
    private void Take(in TIn record, long timestamp)
    {
        bool hasTime = timestamp != RecordBatch.NoTimestamp;
        if (_windows.Assigner.IsEventTime && !WindowTimes.Has(timestamp))
        {
            throw WindowTimes.Refused(Name, timestamp);
        }

        long time = hasTime ? timestamp : _timers.Now;
        long assigned = _windows.Assigner.IsEventTime ? time : _timers.Now;
        _assigned.Begin(assigned);
        _windows.Assigner.AssignWindows(record, assigned, _assigned);
        bool isTaken = false;
        for (int i = 0; i < _assigned.Count; i++)
        {
            TWindow window = _merging is null ? _assigned[i] : Merge(_assigned[i]);
            if (IsLate(in window))
            {
                _merging?.Remove(window);
                continue;
            }

            isTaken = true;
            Take(in record, time, in window);
        }

        if (!isTaken && _windows.Assigner.IsEventTime && IsOver(time))
        {
            Drop(in record, time);
        }
    }

    private void Take(in TIn record, long time, in TWindow window)
    {
        TWindow kept = KeptAt(in window);
        _contentScope.Set(in kept);
        _contents.Add(in record, time);
        _frame.Begin(in window);
        Follow(_trigger.OnElement(record, time, window, _triggerContext));
        AddTimer(in window);
    }

    // Windows that the new one touches become one with it, as do their triggers and contents.
    private TWindow Merge(TWindow window)
    {
        if (!_merging!.Add(window, out TWindow merged))
        {
            return merged;
        }

        if (IsLate(in merged))
        {
            throw new InvalidOperationException(
                $"Windows of '{Name}' have become {merged}, which is over at watermark {_timers.Watermark}, and one " +
                "of them is not: the assigner must merge windows into one that ends with the last of them.");
        }

        _frame.Begin(in merged);
        _triggerContext.Merged = _merging.Gone;
        _trigger.OnMerge(merged, _triggerContext);
        _triggerContext.Merged = [];
        foreach (TWindow gone in _merging.Gone)
        {
            _frame.Begin(in gone);
            _trigger.Clear(gone, _triggerContext);
            RemoveTimer(in gone);
        }

        foreach (TWindow contents in _merging.GoneContents)
        {
            _contents.Move(contents, _merging.Kept);
        }

        return merged;
    }

    private void OnTimer(in TimerKey<TKey, TWindow> timer, bool isEventTime)
    {
        _state.SetKey(in timer.Key, _state.Hasher.Hash(in timer.Key));
        TWindow window = timer.Space;
        if (_merging is null || _merging.Holds(window))
        {
            TWindow kept = KeptAt(in window);
            _contentScope.Set(in kept);
            _frame.Begin(in window);
            Follow(isEventTime
                ? _trigger.OnEventTime(timer.Time, window, _triggerContext)
                : _trigger.OnProcessingTime(timer.Time, window, _triggerContext));
            if (isEventTime == _windows.Assigner.IsEventTime && timer.Time == EndOf(in window))
            {
                Forget(in window);
            }
        }

        _state.ClearKey();
    }

    private void Follow(TriggerResult result)
    {
        if ((result & TriggerResult.Fire) != 0 && !_contents.IsEmpty)
        {
            _contents.Fire();
        }

        if ((result & TriggerResult.Purge) != 0)
        {
            _contents.Clear();
        }
    }

    private void Forget(in TWindow window)
    {
        _contents.Clear();
        _contents.Forget();
        _trigger.Clear(window, _triggerContext);
        _merging?.Remove(window);
    }

    private TWindow KeptAt(in TWindow window) => _merging is null ? window : _merging.KeptAt(window);

    // When the window goes.
    private long EndOf(in TWindow window)
    {
        long last = window.MaxTimestamp;
        return last > long.MaxValue - _windows.Lateness ? long.MaxValue : last + _windows.Lateness;
    }

    private bool IsLate(in TWindow window) => _windows.Assigner.IsEventTime && EndOf(in window) <= _timers.Watermark;

    private bool IsOver(long time) => time + _windows.Lateness <= _timers.Watermark;

    private void AddTimer(in TWindow window)
    {
        long end = EndOf(in window);
        if (end == long.MaxValue)
        {
            return;
        }

        if (_windows.Assigner.IsEventTime)
        {
            _timers.EventTime.Add(end, in _frame.Key, in window);
        }
        else if (_timers.ProcessingTime.Add(end, in _frame.Key, in window))
        {
            _timers.ScheduleWakeUp();
        }
    }

    private void RemoveTimer(in TWindow window)
    {
        if (_windows.Assigner.IsEventTime)
        {
            _timers.EventTime.Remove(EndOf(in window), in _frame.Key, in window);
        }
        else
        {
            _timers.ProcessingTime.Remove(EndOf(in window), in _frame.Key, in window);
        }
    }

    private void Drop(in TIn record, long time)
    {
        if (_windows.LateTag is { } tag)
        {
            Sides.SetTimestamp(time);
            Sides.Emit(tag, record);
        }
    }
}
