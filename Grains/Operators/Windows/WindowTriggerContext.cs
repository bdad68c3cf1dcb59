using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators.Windows;

/// <summary>Time, timers and state of the window at work, as its trigger sees them. Belongs to one loop.</summary>
internal sealed class WindowTriggerContext<TKey, TOut, TWindow>(
    WindowFrame<TKey, TOut, TWindow> frame, NamespaceScope<TWindow> windows)
    : TriggerContext
    where TWindow : struct, IWindow
{
    private StateDescriptor? _asked;
    private object? _given;

    /// <summary>The windows that have become the one at work, while its trigger is told so.</summary>
    public IReadOnlyList<TWindow> Merged { get; set; } = [];

    public override long CurrentWatermark => frame.Timers.Watermark;

    // At the end of the input a trigger that fires again and again does so once for all that was still to come.
    public override long CurrentProcessingTime => Math.Max(frame.Timers.Now, frame.Timers.FinishedUntil);

    public override void RegisterEventTimeTimer(long time) =>
        frame.Timers.EventTime.Add(time, in frame.Key, in frame.Window);

    public override void RegisterProcessingTimeTimer(long time)
    {
        if (!frame.Timers.IsEnding && frame.Timers.ProcessingTime.Add(time, in frame.Key, in frame.Window))
        {
            frame.Timers.ScheduleWakeUp();
        }
    }

    public override void DeleteEventTimeTimer(long time) =>
        frame.Timers.EventTime.Remove(time, in frame.Key, in frame.Window);

    public override void DeleteProcessingTimeTimer(long time) =>
        frame.Timers.ProcessingTime.Remove(time, in frame.Key, in frame.Window);

    // A trigger asks for the same state for each record: it is not looked up by its name each time.
    public override IValueState<T> GetState<T>(ValueStateDescriptor<T> descriptor)
    {
        if (ReferenceEquals(_asked, descriptor))
        {
            return (IValueState<T>)_given!;
        }

        IValueState<T> state = windows.States.Get(descriptor, StateOwner.Trigger);
        (_asked, _given) = (descriptor, state);
        return state;
    }

    public override IReducingState<T> GetState<T>(ReducingStateDescriptor<T> descriptor)
    {
        if (ReferenceEquals(_asked, descriptor))
        {
            return (IReducingState<T>)_given!;
        }

        IReducingState<T> state = windows.States.Get(descriptor, StateOwner.Trigger);
        (_asked, _given) = (descriptor, state);
        return state;
    }

    public override IListState<T> GetState<T>(ListStateDescriptor<T> descriptor) =>
        windows.States.Get(descriptor, StateOwner.Trigger);

    public override IMapState<TMapKey, TValue> GetState<TMapKey, TValue>(
        MapStateDescriptor<TMapKey, TValue> descriptor) => windows.States.Get(descriptor, StateOwner.Trigger);

    public override IAggregatingState<TAdd, TResult> GetState<TAdd, TAccumulator, TResult>(
        AggregatingStateDescriptor<TAdd, TAccumulator, TResult> descriptor) =>
        windows.States.Get(descriptor, StateOwner.Trigger);

    public override void MergeState<T>(ListStateDescriptor<T> descriptor)
    {
        RequireMerging(descriptor);
        IListState<T> state = GetState(descriptor);
        TWindow window = frame.Window;
        for (int i = 0; i < Merged.Count; i++)
        {
            TWindow merged = Merged[i];
            windows.Set(in merged);
            T[] elements = [.. state];
            state.Clear();
            windows.Set(in window);
            state.AddAll(elements);
        }

        windows.Set(in window);
    }

    public override void MergeState<T>(ReducingStateDescriptor<T> descriptor)
    {
        RequireMerging(descriptor);
        IReducingState<T> state = GetState(descriptor);
        TWindow window = frame.Window;
        for (int i = 0; i < Merged.Count; i++)
        {
            TWindow merged = Merged[i];
            windows.Set(in merged);
            if (!state.HasValue)
            {
                continue;
            }

            T value = state.Value!;
            state.Clear();
            windows.Set(in window);
            state.Add(value);
        }

        windows.Set(in window);
    }

    private void RequireMerging(StateDescriptor descriptor)
    {
        if (Merged.Count == 0)
        {
            throw new InvalidOperationException(
                $"A trigger merges its state '{descriptor.Name}' while no windows become one: do so in OnMerge.");
        }
    }
}
