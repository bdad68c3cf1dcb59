using Millrace.State;

namespace Millrace.Windowing.Triggers;

/// <summary>Time, timers and state of the window at work. Valid during the call only.</summary>
public abstract class TriggerContext
{
    internal TriggerContext()
    {
    }

    /// <summary>No record with this timestamp or an earlier one will come; <see cref="long.MinValue"/> before the first
    /// watermark.</summary>
    public abstract long CurrentWatermark { get; }

    /// <summary>The clock, in milliseconds since 1970-01-01 UTC.</summary>
    public abstract long CurrentProcessingTime { get; }

    /// <summary>Has the trigger called when the watermark reaches a time.</summary>
    public abstract void RegisterEventTimeTimer(long time);

    /// <summary>Has the trigger called when the clock reaches a time.</summary>
    public abstract void RegisterProcessingTimeTimer(long time);

    /// <summary>Takes a timer back.</summary>
    public abstract void DeleteEventTimeTimer(long time);

    /// <summary>Takes a timer back.</summary>
    public abstract void DeleteProcessingTimeTimer(long time);

    /// <summary>A value of the window.</summary>
    public abstract IValueState<T> GetState<T>(ValueStateDescriptor<T> descriptor);

    /// <summary>A value of the window into which others are combined.</summary>
    public abstract IReducingState<T> GetState<T>(ReducingStateDescriptor<T> descriptor);

    /// <summary>A list of the window.</summary>
    public abstract IListState<T> GetState<T>(ListStateDescriptor<T> descriptor);

    /// <summary>A map of the window.</summary>
    public abstract IMapState<TKey, TValue> GetState<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull;

    /// <summary>An accumulator of the window.</summary>
    public abstract IAggregatingState<TIn, TOut> GetState<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor);

    /// <summary>When windows have become one: puts what they listed under a name behind the list of the one, in the
    /// order of the windows.</summary>
    /// <exception cref="InvalidOperationException">No windows are being merged.</exception>
    public abstract void MergeState<T>(ListStateDescriptor<T> descriptor);

    /// <summary>When windows have become one: combines what they kept under a name into the one.</summary>
    /// <exception cref="InvalidOperationException">No windows are being merged.</exception>
    public abstract void MergeState<T>(ReducingStateDescriptor<T> descriptor);
}
