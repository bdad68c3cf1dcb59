using Millrace.Functions;
using Millrace.State;

namespace Millrace.Operators.Timers;

/// <summary>Timers for the key at work, as functions see them.</summary>
internal sealed class LoopTimerService<TKey>(
    KeyedStateBackend<TKey> state, OperatorTimers<TKey, VoidNamespace> timers)
    : ITimerService
{
    public long CurrentWatermark => timers.Watermark;

    public long CurrentProcessingTime => timers.Now;

    public void RegisterEventTimeTimer(long time) => timers.EventTime.Add(time, in state.CurrentKey, default);

    public void DeleteEventTimeTimer(long time) => timers.EventTime.Remove(time, in state.CurrentKey, default);

    public void RegisterProcessingTimeTimer(long time)
    {
        if (!timers.IsEnding && timers.ProcessingTime.Add(time, in state.CurrentKey, default))
        {
            timers.ScheduleWakeUp();
        }
    }

    public void DeleteProcessingTimeTimer(long time) =>
        timers.ProcessingTime.Remove(time, in state.CurrentKey, default);
}
